import type { ExecutableNode } from '../types/index.js';
import { quoteIdentifier } from '../util/sql-text.js';
import { originsOf, type Origin } from './origins.js';
import { Untraceable } from './parse-sql.js';
import { queryLineage, type ColumnLineage, type QueryLineageOptions } from './query-lineage.js';
import type { KnownRelation } from './query-types.js';
import type { RelationLineage } from './relation-lineage.js';

/** The lineage of a relation's columns before their kinds are looked up. */
export type TracedColumns = Pick<RelationLineage, 'problem' | 'isOrdered'> & {
  readonly columns: readonly ColumnLineage[];
};

/**
 * Follows the SQL of a model or snapshot. Where it reads its own relation (`this`), what its columns derive from flows back into them, together with what
 * they derived from `before`; a column that comes from nowhere else cannot be followed.
 */
export function traceNode(
  node: ExecutableNode,
  sql: string,
  options: QueryLineageOptions,
  before: readonly ColumnLineage[],
): TracedColumns {
  const { text, shift } = node.resource_type === 'snapshot' ? snapshotQuery(node, sql) : { text: sql, shift: 0 };
  try {
    const { columns, isOrdered } = queryLineage(text, options);
    const settled = withoutSelf(node.unique_id, columns, before);
    // Rows may have been added under another order of columns, and columns by `on_schema_change`.
    const isGrown = node.resource_type === 'snapshot' || node.config.materialized === 'incremental';
    return {
      columns: settled.map((column) => ({ ...column, offset: Math.max(0, column.offset - shift) })),
      isOrdered: isOrdered && !isGrown,
    };
  } catch (error) {
    if (!(error instanceof Untraceable)) throw error;
    const offset = Math.min(Math.max(0, error.offset - shift), sql.length);
    return { columns: [], isOrdered: false, problem: { message: error.message, offset } };
  }
}

/** What a model's own relation is to its own SQL: the columns that were there before, and whatever it says there are. */
export function ownRelation(node: ExecutableNode, before: readonly ColumnLineage[]): KnownRelation {
  const names = new Set([...before.map(({ name }) => name), ...Object.keys(node.columns)]);
  names.delete('*');
  return { id: node.unique_id, columns: [...names], isOpen: true, isOrdered: false };
}

/** Replaces what derives from the relation itself by what its columns derive from. */
function withoutSelf(
  id: string,
  columns: readonly ColumnLineage[],
  before: readonly ColumnLineage[],
): readonly ColumnLineage[] {
  const isOwn = (origin: Origin): boolean => origin.relation === id;
  if (!columns.some((column) => column.origins.some(isOwn))) return columns;
  const own = columns.filter((column) => column.name !== '*' || !column.origins.every(isOwn));
  let current = new Map<string, readonly Origin[]>();
  for (const { name, origins } of [...before, ...own])
    current.set(name, [...(current.get(name) ?? []), ...origins.filter((origin) => !isOwn(origin))]);
  const through = (origin: Origin): readonly Origin[] => {
    const sources = origin.column === '*' ? [...current.values()].flat() : (current.get(origin.column) ?? []);
    return sources.map((source) => ({
      ...source,
      isDirect: source.isDirect && origin.isDirect,
      isWhole: source.isWhole && origin.isWhole && source.declassifiers.length + origin.declassifiers.length < 2,
      declassifiers: [...new Set([...source.declassifiers, ...origin.declassifiers])].sort(),
    }));
  };
  for (let size = -1; size !== total(current);) {
    size = total(current);
    const next = new Map(current);
    for (const { name, origins } of own) {
      const known = next.get(name) ?? [];
      next.set(name, [...originsOf([...known, ...origins.filter(isOwn).flatMap(through)]).values()]);
    }
    current = next;
  }
  return own.map((column) => {
    const origins = current.get(column.name) ?? [];
    if (origins.length === 0 && column.origins.some(isOwn))
      throw new Untraceable(
        `the column ${column.name} comes from the relation itself alone, whose first rows are not in sight.`,
        column.offset,
      );
    return { ...column, origins };
  });
}

function total(columns: ReadonlyMap<string, readonly Origin[]>): number {
  return [...columns.values()].reduce((sum, origins) => sum + originsOf(origins).size, 0);
}

/** A snapshot's query with the columns that a snapshot adds: the version's identity is a hash of the row's key. */
function snapshotQuery(node: ExecutableNode, sql: string): { readonly text: string; readonly shift: number } {
  const names = {
    dbt_scd_id: 'dbt_scd_id',
    dbt_updated_at: 'dbt_updated_at',
    dbt_valid_from: 'dbt_valid_from',
    dbt_valid_to: 'dbt_valid_to',
    ...(node.config['snapshot_meta_column_names'] as Readonly<Record<string, string>> | undefined),
  };
  const keys = [node.config.unique_key ?? []].flat();
  const updated = node.config['updated_at'];
  const moment = typeof updated === 'string' ? `(${updated})` : 'now()';
  const identity = [...keys.map((key) => `(${key})::text`), `${moment}::text`].join(' || ');
  const added = [
    `${identity} as ${quoteIdentifier(names.dbt_scd_id)}`,
    ...[names.dbt_updated_at, names.dbt_valid_from, names.dbt_valid_to].map(
      (name) => `${moment} as ${quoteIdentifier(name)}`,
    ),
    ...(node.config['hard_deletes'] === 'new_record' ? [`'False' as ${quoteIdentifier('dbt_is_deleted')}`] : []),
  ];
  const head = `select chemflow_snapshot.*, ${added.join(', ')} from (\n`;
  return { text: `${head}${sql}\n) as chemflow_snapshot`, shift: head.length };
}
