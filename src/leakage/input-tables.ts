import { ChemflowError, throwAll } from '../error/index.js';
import type { Graph } from '../graph/index.js';
import { relationOf } from '../materializations/index.js';
import type {
  ColumnProperties,
  ExecutableNode,
  Json,
  JsonObject,
  Manifest,
  Relation,
  ResourceId,
} from '../types/index.js';

/** A column of an input table as the catalog has it. */
export interface InputColumn {
  readonly name: string;
  /** `format_type` with its modifier. */
  readonly type: string;
  /** pg_type.typtype and typcategory of the type (of a domain: of what it is based on). */
  readonly kind: string;
  readonly category: string;
}

/** Which columns of an input table tell when something came to be known. */
export interface TimeRules {
  /** From when on a row is there. */
  readonly created: string;
  /** Until when: deletions, a version's end. */
  readonly ended: readonly string[];
  readonly key: readonly string[];
  /** No value occurs twice, the key apart. */
  readonly unique: readonly string[];
  /** Never rewritten, or declared so with a reason. */
  readonly timeless: ReadonlySet<string>;
  /** Columns that hold the values of another input's column. */
  readonly references: ReadonlyMap<string, { readonly id: ResourceId; readonly column: string }>;
  /** Rows are added and ended, never rewritten: snapshots, models that only grow. */
  readonly isHistory: boolean;
}

/** A table that the checked models stand on and that is not built from others in the check: a copied source, or a history. */
export interface InputTable {
  readonly id: ResourceId;
  /** `chemlink.persons`, `chemlink_persons_history`. */
  readonly label: string;
  readonly relation: Relation;
  readonly columns: readonly InputColumn[];
  readonly rules: TimeRules;
}

/** The sources and nodes that a check works with. */
export interface Ancestry {
  /** Sources, snapshots and growing models, which are put into the scratch schemas. */
  readonly inputs: readonly ResourceId[];
  /** Models that are built there, in no order; the growing ones too. */
  readonly built: readonly ResourceId[];
  /** Seeds and tables that do not change with time: read where they are. */
  readonly kept: readonly ResourceId[];
}

const stateSchema = 'chemflow';

/** Is the table one of chemflow's own? It holds when the sources were copied, and is no source of facts. */
export function isStateTable(manifest: Manifest, id: ResourceId): boolean {
  const table = manifest.sources[id];
  return table !== undefined && table.connection === null && table.schema === stateSchema;
}

/** A model that keeps what the sources no longer have: incremental, and not begun again by a full refresh. */
export function isGrowing(node: ExecutableNode | undefined): boolean {
  return node?.config.materialized === 'incremental' && node.config.full_refresh === false;
}

function timelessReason(meta: JsonObject): Json | undefined {
  return meta['timeless'];
}

/** Walks from the models up to the tables that they stand on; what a snapshot was taken from is not asked for. */
export function readAncestry(manifest: Manifest, graph: Graph, models: readonly ResourceId[]): Ancestry {
  const inputs = new Set<ResourceId>();
  const built = new Set<ResourceId>();
  const kept = new Set<ResourceId>();
  const visit = (id: ResourceId): void => {
    if (inputs.has(id) || built.has(id) || kept.has(id)) return;
    const node = manifest.nodes[id];
    const meta = node?.meta ?? manifest.sources[id]?.meta ?? {};
    const isInput = node === undefined || node.resource_type === 'snapshot' || isGrowing(node);
    if (node?.resource_type === 'seed' || (isInput && timelessReason(meta) !== undefined)) kept.add(id);
    else if (isInput) inputs.add(id);
    if (node === undefined || node.resource_type !== 'model' || kept.has(id)) return;
    if (node.config.materialized !== 'ephemeral' || models.includes(id)) built.add(id);
    for (const parent of graph.parents(id)) visit(parent);
  };
  for (const id of models) visit(id);
  return { inputs: [...inputs], built: [...built], kept: [...kept] };
}

/** Where an input stands in the warehouse, and what it is called in messages. */
export function whereInputIs(
  manifest: Manifest,
  id: ResourceId,
): { readonly relation: Relation; readonly label: string } {
  const node = manifest.nodes[id];
  if (node !== undefined) return { relation: relationOf(node), label: node.name };
  const table = manifest.sources[id];
  if (table === undefined) throw new Error(`${id} is neither a node nor a source.`);
  const { database, schema, identifier } = table;
  return { relation: { database, schema, identifier }, label: `${table.source_name}.${table.name}` };
}

const texts = (value: Json | undefined): readonly string[] =>
  typeof value === 'string' ? [value] : Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

/** Columns that a `unique` data test hangs on. */
function testedUnique(manifest: Manifest, id: ResourceId): readonly string[] {
  return Object.values(manifest.nodes).flatMap((node) =>
    node.resource_type === 'test' &&
    node.test_metadata?.name === 'unique' &&
    node.depends_on.nodes.includes(id) &&
    typeof node.column_name === 'string'
      ? [node.column_name]
      : [],
  );
}

function referencedInput(
  manifest: Manifest,
  id: ResourceId,
  text: string,
  inputs: readonly ResourceId[],
): { readonly id: ResourceId; readonly column: string } | undefined {
  const parts = text.split('.');
  const column = parts.pop() ?? '';
  const label = parts.length > 1 ? parts.join('.') : `${manifest.sources[id]?.source_name ?? ''}.${parts[0] ?? ''}`;
  const target = inputs.find((input) => whereInputIs(manifest, input).label === label);
  return target === undefined ? undefined : { id: target, column };
}

/**
 * Reads how an input table tells time: from `meta: {leakage: {created, ended, key}}` of the table, else by the names that are customary, and from
 * `meta: {timeless: <reason>, references: <table>.<column>}` of its columns. Throws LEAKAGE.NO_TIME where nothing says when a row came.
 */
export function readTimeRules(
  manifest: Manifest,
  id: ResourceId,
  columns: readonly InputColumn[],
  inputs: readonly ResourceId[],
): TimeRules {
  const node = manifest.nodes[id];
  const table = manifest.sources[id];
  const { label } = whereInputIs(manifest, id);
  const meta = (node?.meta ?? table?.meta ?? {})['leakage'];
  const declared = (typeof meta === 'object' && meta !== null && !Array.isArray(meta) ? meta : {}) as JsonObject;
  const properties: Readonly<Record<string, ColumnProperties>> = node?.columns ?? table?.columns ?? {};
  const has = (name: string): boolean => columns.some((column) => column.name === name);
  const isSnapshot = node?.resource_type === 'snapshot';
  const snapshotName = (key: string): string => {
    const named = node?.config['snapshot_meta_column_names'] as JsonObject | undefined;
    return typeof named?.[key] === 'string' ? named[key] : key;
  };
  const created = texts(declared['created'])[0] ?? (isSnapshot ? snapshotName('dbt_valid_from') : 'created_at');
  const ended = [
    ...texts(declared['ended']),
    ...(isSnapshot ? [snapshotName('dbt_valid_to')] : []),
    ...(declared['ended'] === undefined && !isSnapshot
      ? [table?.extract?.soft_delete ?? 'deleted_at', '_source_deleted_at'].filter(has)
      : []),
  ];
  const key =
    declared['key'] === undefined
      ? (table?.extract?.key ?? texts(node?.config.unique_key as Json))
      : texts(declared['key']);
  const unknown = [...texts(declared['created']), ...texts(declared['ended']), ...texts(declared['key'])].filter(
    (name) => !has(name),
  );
  throwAll(
    unknown.map(
      (name) =>
        new ChemflowError({
          code: 'LEAKAGE.UNKNOWN_COLUMN',
          message: `${label} has no column "${name}", which its meta.leakage names.`,
          hint: `its columns are ${columns.map((column) => column.name).join(', ')}`,
        }),
    ),
  );
  if (!has(created)) {
    throw new ChemflowError({
      code: 'LEAKAGE.NO_TIME',
      message: `Nothing says when a row of ${label} came: it has no column ${created}.`,
      hint: `write meta: {leakage: {created: <column>}} at ${label}, or meta: {timeless: <why it does not change with time>}`,
    });
  }
  for (const column of columns.filter(({ name }) => name === created || ended.includes(name))) {
    if (!/^(date$|timestamp)/.test(column.type)) {
      throw new ChemflowError({
        code: 'LEAKAGE.TYPE',
        message: `${label}.${column.name} is of type ${column.type}, and cannot say when something came.`,
        hint: `name a date or a timestamp in meta: {leakage: {created, ended}} at ${label}`,
      });
    }
  }
  const withMeta = Object.values(properties).filter((column) => has(column.name));
  return {
    created,
    ended,
    key: key.filter(has),
    unique: [...testedUnique(manifest, id), ...(isSnapshot ? [snapshotName('dbt_scd_id')] : [])].filter(
      (name) => has(name) && !key.includes(name),
    ),
    timeless: new Set(
      withMeta.filter((column) => timelessReason(column.meta) !== undefined).map((column) => column.name),
    ),
    references: new Map(
      withMeta.flatMap((column) => {
        const target = column.meta['references'];
        const found = typeof target === 'string' ? referencedInput(manifest, id, target, inputs) : undefined;
        return found === undefined ? [] : [[column.name, found] as const];
      }),
    ),
    isHistory: isSnapshot || isGrowing(node),
  };
}
