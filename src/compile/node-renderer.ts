import { builtinPackages, type RelationChange } from '../context/index.js';
import type {
  CompiledResource,
  EventSink,
  Invocation,
  MacroValue,
  Manifest,
  NodeRenderer,
  Project,
  Relation,
  ResourceId,
  TemplateQuery,
} from '../types/index.js';
import type { Answer, Question, Task } from './protocol.js';
import { createWorkerPool } from './worker-pool.js';
import { workerStart } from './worker-start.js';

/** What templates ask of the catalog, and tell it. */
export interface TemplateCatalog {
  /** The relations of a schema, as the run's cache has them. */
  relations(schema: { readonly database: string; readonly schema: string }): Promise<readonly Relation[]>;
  /** A template created, dropped or renamed a relation or schema. */
  changed?(change: RelationChange): void;
}

/** What a renderer is made of. */
export interface NodeRendererOptions {
  readonly project: Project;
  readonly manifest: Manifest;
  readonly invocation: Invocation;
  /** Runs the statements of a node's templates, in the session of that node. */
  readonly query: (id: ResourceId) => TemplateQuery;
  readonly catalog: TemplateCatalog;
  /** The most worker threads; they are started as they are needed. */
  readonly workers: number;
  readonly sink: EventSink;
  /** What `selected_resources` is in templates. */
  readonly selected: readonly ResourceId[];
}

/** Names of macros that are defined outside chemflow's own, with and without a dispatch prefix. */
function overriddenNames(manifest: Manifest): ReadonlySet<string> {
  const names = new Set<string>();
  for (const macro of Object.values(manifest.macros)) {
    if (builtinPackages.includes(macro.package_name)) continue;
    names.add(macro.name);
    names.add(macro.name.replace(/^(?:postgres|default)__/, ''));
  }
  return names;
}

/** Makes the renderer of one command: templates run in worker threads, and what they ask the database is answered here. */
export function createNodeRenderer(options: NodeRendererOptions): NodeRenderer {
  const { manifest, catalog, sink } = options;
  const compiled = new Map<ResourceId, string>();
  let overridden: ReadonlySet<string> | undefined;

  const answer = async (task: Task, question: Question): Promise<Answer> => {
    if (question.kind === 'relations') return { kind: 'relations', relations: await catalog.relations(question) };
    const { sql, fetch } = question;
    return { kind: 'result', result: await options.query(task.id)({ sql, fetch }) };
  };
  const pool = createWorkerPool({
    start: () => workerStart(options),
    workers: Math.max(1, options.workers),
    answer,
    heard: (message) => {
      if (message.kind === 'changed') catalog.changed?.(message.change);
      else sink({ kind: 'message', level: message.level, text: message.text, code: message.code });
    },
    files: manifest.files,
  });
  const compiledSql = (id: ResourceId): string | null => compiled.get(id) ?? null;

  return {
    compile: async (id) => {
      const resource = (await pool.run({ kind: 'compile', id })) as CompiledResource;
      compiled.set(id, resource.sql);
      return resource;
    },
    callMacro: async (id, name, args = [], keywords = {}) =>
      (await pool.run({ kind: 'macro', id, name, args, keywords, compiledSql: compiledSql(id) })) as MacroValue,
    isOverridden: (name) => {
      overridden ??= overriddenNames(manifest);
      return overridden.has(name);
    },
    renderText: async (id, text, variables = {}) => {
      const isTemplate = text.includes('{{') || text.includes('{%') || text.includes('{#');
      if (!isTemplate) return text;
      return (await pool.run({ kind: 'text', id, text, variables, compiledSql: compiledSql(id) })) as string;
    },
    runMaterialization: async (id, macroId) =>
      (await pool.run({ kind: 'materialization', id, macroId, compiledSql: compiledSql(id) })) as readonly Relation[],
    close: () => pool.close(),
  };
}
