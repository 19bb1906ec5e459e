import { builtinPackages } from '../context/index.js';
import type {
  Adapter,
  CompiledResource,
  EventSink,
  Invocation,
  MacroValue,
  Manifest,
  NodeRenderer,
  Project,
  Relation,
  RelationCache,
  ResourceId,
  Session,
} from '../types/index.js';
import { askedTooEarly, createAhead, type Aside } from './ahead.js';
import { rememberChange } from './catalog-changes.js';
import type { Answer, Question, Task, TaskValue } from './protocol.js';
import { createTaskSession, type TaskSession } from './task-session.js';
import type { TemplateWorker } from './template-worker.js';
import { createWorkerPool } from './worker-pool.js';
import { workerStart } from './worker-start.js';

/** What a renderer is made of. */
export interface NodeRendererOptions {
  readonly project: Project;
  readonly manifest: Manifest;
  readonly invocation: Invocation;
  /** The analytics database, for what templates ask outside a session of their node's. */
  readonly adapter: Adapter;
  readonly cache: RelationCache;
  /** The most worker threads; they are started as they are needed. */
  readonly workers: number;
  /** A worker that has been started already. */
  readonly started?: TemplateWorker | undefined;
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

const textKey = (id: ResourceId, text: string): string => `${id} ${text}`;

function isTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%') || text.includes('{#');
}

/** Makes the renderer of one command: templates run in worker threads, and what they ask the database is answered here. */
export function createNodeRenderer(options: NodeRendererOptions): NodeRenderer {
  const { manifest, adapter, cache, sink } = options;
  const compiled = new Map<ResourceId, string>();
  const sessions = new Map<ResourceId, Session>();
  const taskSessions = new Map<Task, TaskSession>();
  let overridden: ReadonlySet<string> | undefined;

  const answer = async (task: Task, question: Question): Promise<Answer> => {
    if (ahead.has(task)) throw askedTooEarly();
    if (question.kind === 'relations') {
      await cache.load([question]);
      return { kind: 'relations', relations: cache.list(question.schema) };
    }
    const session = taskSessions.get(task);
    if (session === undefined) throw new Error('A question came after the end of its task.');
    const result = await session.query(question.sql);
    // Rows that nobody reads need not travel.
    return { kind: 'result', result: question.fetch ? result : { ...result, rows: [] } };
  };
  const tell = (aside: Aside): void => {
    if (aside.kind === 'changed') rememberChange(cache, aside.change);
    else sink({ kind: 'message', level: aside.level, text: aside.text, code: aside.code });
  };
  const pool = createWorkerPool({
    start: () => workerStart(options),
    workers: Math.max(1, options.workers),
    started: options.started,
    answer,
    heard: (aside, task) => {
      if (task !== undefined && ahead.has(task)) ahead.hear(task, aside);
      else tell(aside);
    },
    files: manifest.files,
  });
  const ahead = createAhead(pool, tell);
  if (options.selected.some((id) => manifest.nodes[id] !== undefined)) pool.warm();

  const run = async (task: Task): Promise<TaskValue> => {
    const session = createTaskSession(adapter, sessions.get(task.id));
    taskSessions.set(task, session);
    let hasFailed = true;
    try {
      const value = await pool.run(task);
      hasFailed = false;
      return value;
    } finally {
      taskSessions.delete(task);
      await session.end(hasFailed);
    }
  };
  const compiledSql = (id: ResourceId): string | null => compiled.get(id) ?? null;

  return {
    compile: async (id) => {
      const resource = ((await ahead.take(id)) ?? (await run({ kind: 'compile', id }))) as CompiledResource;
      compiled.set(id, resource.sql);
      return resource;
    },
    compileAhead: (ids) => {
      for (const id of ids) ahead.start(id, { kind: 'compile', id });
    },
    compileUnitTest: async (test, fixtures) => {
      const [id = ''] = test.depends_on.nodes;
      return (await run({ kind: 'unit-test', id, overrides: test.overrides, fixtures })) as string;
    },
    callMacro: async (id, name, args = [], keywords = {}) =>
      (await run({ kind: 'macro', id, name, args, keywords, compiledSql: compiledSql(id) })) as MacroValue,
    useSession: (id, session) => {
      if (session === undefined) sessions.delete(id);
      else sessions.set(id, session);
    },
    isOverridden: (name) => {
      overridden ??= overriddenNames(manifest);
      return overridden.has(name);
    },
    renderText: async (id, text, variables) => {
      if (!isTemplate(text)) return text;
      const known = variables === undefined ? await ahead.take(textKey(id, text)) : undefined;
      const task: Task = { kind: 'text', id, text, variables: variables ?? {}, compiledSql: compiledSql(id) };
      return (known ?? (await run(task))) as string;
    },
    renderTextAhead: (id, text) => {
      if (!isTemplate(text)) return;
      ahead.start(textKey(id, text), { kind: 'text', id, text, variables: {}, compiledSql: compiledSql(id) });
    },
    runMaterialization: async (id, macroId) =>
      (await run({ kind: 'materialization', id, macroId, compiledSql: compiledSql(id) })) as readonly Relation[],
    close: () => pool.close(),
  };
}
