import type { ParseNode } from '../context/index.js';
import { placeAt, type Place } from '../error/index.js';
import type {
  ColumnProperties,
  ExecutableNode,
  Json,
  JsonObject,
  Node,
  RefCall,
  ResourceType,
} from '../types/index.js';
import { unknownConfigError } from './config-keys.js';
import { configValueError } from './config-values.js';
import { asObject, describe, readColumns } from './describe.js';
import { asList, mergeConfig, projectLayers } from './merge-config.js';
import { nodeConfig, readHooks, uniqueTexts } from './node-config.js';
import { attempt, type Origin, type ParseContext, type PropertyEntry } from './parse-context.js';
import { quotedName, type RelationNamer } from './relation-names.js';
import type { SourceFile } from './source-files.js';
import { hasJinja } from './yaml-file.js';

/** What a node is made of, before its template is rendered. */
export interface NodeDraft {
  readonly id: string;
  readonly type: ResourceType & ('model' | 'seed' | 'snapshot' | 'test' | 'analysis' | 'operation');
  /** Key of the configuration tree (`models`). */
  readonly treeKey: string;
  readonly name: string;
  readonly source: SourceFile;
  readonly path: string;
  readonly fqn: readonly string[];
  readonly code: string;
  readonly line: number;
  readonly checksum: Node['checksum'];
  /** The resource's entry in a properties file. */
  readonly entry?: PropertyEntry | undefined;
  /** Configuration between the properties' and the template's own. */
  readonly extraConfig?: JsonObject | undefined;
  readonly tags?: readonly string[] | undefined;
  /** Set for generic tests. */
  readonly test?: (Pick<ParseNode, 'test_metadata' | 'column_name'> & { readonly description: string }) | undefined;
  /** References that are known without rendering, so that no template is compiled. */
  readonly known?:
    | {
        readonly refs: readonly RefCall[];
        readonly sources: readonly (readonly [string, string])[];
        readonly macros: readonly string[];
      }
    | undefined;
  readonly origin: Origin;
}

/** An origin in a text file: the resource begins on a line of it. What the text lacks is looked for among the keys of `config:` of its entry in a properties file. */
export function textOrigin(source: SourceFile, text: string, line: number, entry?: PropertyEntry): Origin {
  const start = line <= 1 ? 0 : text.split('\n', line - 1).join('\n').length + 1;
  const at = (offset: number): Place => placeAt(source.shown, text, offset);
  return {
    place: () => at(start),
    find: (pattern) => {
      const match = new RegExp(pattern.source, pattern.flags.replace('g', '')).exec(text.slice(start));
      if (match !== null) return at(start + match.index);
      const key = Object.keys(asObject(entry?.value['config'])).find((name) => pattern.test(name));
      return entry === undefined || key === undefined ? at(start) : entry.file.placeOf([...entry.path, 'config', key]);
    },
  };
}

function configEntry(entry: PropertyEntry | undefined): JsonObject[] {
  if (entry === undefined) return [];
  const { value } = entry;
  const outer: Record<string, Json> = {};
  for (const key of ['meta', 'tags', 'docs', 'access', 'group', 'quote_columns'] as const)
    if (value[key] !== undefined && value[key] !== null) outer[key] = value[key];
  return [outer, asObject(value['config'])];
}

/** Unknown keys are errors in a chemflow project; in a dbt one those that look like a slip are warnings, and a package's are its author's. */
function checkKeys(context: ParseContext, draft: NodeDraft, config: JsonObject, place: (key: string) => Place): void {
  const owner = context.packages.get(draft.source.packageName);
  if (owner !== context.project.root) return;
  for (const [key, value] of Object.entries(config)) {
    const wrong = configValueError(key, value, () => place(key));
    if (wrong !== undefined) {
      context.report(wrong);
      context.broken.add(draft.id);
    }
    const error = unknownConfigError(draft.type, key, () => place(key));
    if (error === undefined) continue;
    if (owner.kind === 'chemflow') context.report(error);
    else if (error.hint?.startsWith('did you mean') === true) context.warn(error);
  }
}

function storesRows(config: JsonObject): boolean {
  return (
    config['store_failures_as'] === 'table' ||
    config['store_failures_as'] === 'view' ||
    (config['store_failures'] === true && config['store_failures_as'] !== 'ephemeral')
  );
}

/**
 * Makes a node: renders its template once to learn what it refers to and how it configures itself, puts all layers of its configuration over each other, and names its relation.
 * A template that is wrong is reported; the node is made all the same, so that what refers to it is not called wrong too.
 */
export function makeNode(context: ParseContext, namer: RelationNamer, draft: NodeDraft): ExecutableNode {
  const { project, engine } = context;
  const owner = context.packages.get(draft.source.packageName) ?? project.root;
  const layers = [
    ...projectLayers(owner, project.root, draft.treeKey, draft.fqn),
    ...configEntry(draft.entry),
    ...(draft.extraConfig === undefined ? [] : [draft.extraConfig]),
  ];
  const known = mergeConfig(layers);
  const withDefaults = (config: JsonObject): JsonObject =>
    draft.type === 'test' && config['schema'] === undefined ? { ...config, schema: 'dbt_test__audit' } : config;
  const drafted: ParseNode = {
    unique_id: draft.id,
    resource_type: draft.type,
    name: draft.name,
    package_name: draft.source.packageName,
    path: draft.path,
    original_file_path: draft.source.originalPath,
    fqn: draft.fqn,
    database: project.target.connection.database,
    schema: project.target.schema,
    alias: draft.name,
    line: draft.line,
    fileText: context.files[draft.source.shown],
    shownFile: draft.source.shown,
    config: known,
    ...(draft.test === undefined
      ? {}
      : { test_metadata: draft.test.test_metadata, column_name: draft.test.column_name }),
  };
  const name = (config: JsonObject): Pick<Node, 'database' | 'schema' | 'alias'> =>
    attempt(context.report, () => namer.name(drafted, withDefaults(config))) ?? drafted;
  const early = name(known);
  const outcome =
    draft.known !== undefined
      ? { ...draft.known, config: {} }
      : draft.type === 'seed'
        ? { refs: [], sources: [], macros: [], config: {} }
        : attempt(context.report, () => engine.parseNode({ ...drafted, ...early }, draft.code));
  if (outcome === undefined) context.broken.add(draft.id);
  const inline = outcome?.config ?? {};
  checkKeys(context, draft, inline, (key) => draft.origin.find(new RegExp(`\\b${key.replace(/[^\w]/g, '.')}\\b`)));
  if (draft.test !== undefined) checkKeys(context, draft, draft.extraConfig ?? {}, () => draft.origin.place());
  const { entry } = draft;
  if (entry !== undefined)
    checkKeys(context, draft, asObject(entry.value['config']), (key) =>
      entry.file.placeOf([...entry.path, 'config', key]),
    );
  const merged = mergeConfig([...layers, inline]);
  const isRenamed = ['alias', 'schema', 'database', 'target_schema', 'target_database'].some(
    (key) => inline[key] !== undefined,
  );
  const { database, schema, alias } = isRenamed ? name(merged) : early;
  const config = nodeConfig(draft.type, { ...merged, tags: [...asList(merged['tags']), ...(draft.tags ?? [])] });

  const refs = [...(outcome?.refs ?? [])];
  const sources = [...(outcome?.sources ?? [])];
  const macros = [...(outcome?.macros ?? [])];
  for (const hook of [...readHooks(merged['pre-hook']), ...readHooks(merged['post-hook'])]) {
    if (!hasJinja(hook.sql)) continue;
    const found = attempt(context.report, () => engine.parseNode({ ...drafted, database, schema, alias }, hook.sql));
    refs.push(...(found?.refs ?? []));
    sources.push(...(found?.sources ?? []));
    macros.push(...(found?.macros ?? []));
  }
  const isRelation =
    draft.type === 'model'
      ? config.materialized !== 'ephemeral'
      : draft.type === 'test'
        ? storesRows(merged)
        : draft.type === 'seed' || draft.type === 'snapshot';
  const quoting = { ...owner.quoting, ...config.quoting } as JsonObject;
  const columns: Record<string, ColumnProperties> =
    entry === undefined ? {} : readColumns(context, entry, entry.value, entry.path);
  const description =
    draft.test?.description ??
    (entry === undefined ? '' : describe(context, entry, entry.value['description'], [...entry.path, 'description']));
  return {
    unique_id: draft.id,
    resource_type: draft.type,
    name: draft.name,
    package_name: draft.source.packageName,
    path: draft.path,
    original_file_path: draft.source.originalPath,
    fqn: draft.fqn,
    database,
    schema,
    alias,
    relation_name: isRelation ? quotedName({ database, schema, identifier: alias }, quoting) : null,
    raw_code: draft.code,
    language: 'sql',
    checksum: draft.checksum,
    config: draft.type === 'test' ? config : { ...config, quoting },
    unrendered_config: merged,
    tags: uniqueTexts([...config.tags]),
    meta: config.meta,
    description,
    columns,
    patch_path: entry === undefined ? null : `${entry.packageName}://${entry.source.originalPath}`,
    docs: { show: true, ...asObject(config['docs'] as Json | undefined) },
    refs,
    sources,
    depends_on: { nodes: [], macros: [...new Set(macros)] },
    created_at: context.createdAt,
    line: draft.line,
  } as ExecutableNode;
}
