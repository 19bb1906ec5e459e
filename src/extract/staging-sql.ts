import type { SourceTable } from '../types/index.js';
import { quoteIdentifier, quoteLiteral } from '../util/sql-text.js';
import { sourceDeletedAt, syncedAt, type ColumnPlan, type StagingChange, type TablePlan } from './column-plan.js';

/** Names of the temporary tables of one transaction; short, since Citus lengthens temporary names. */
export const loadTable = 'pg_temp.chemflow_load';
export const keysTable = 'pg_temp.chemflow_keys';

/** `"staging"."chemlink_persons"`. */
export function stagingName(table: SourceTable): string {
  return `${quoteIdentifier(table.schema)}.${quoteIdentifier(table.identifier)}`;
}

/** A list of quoted column names, each after a prefix (`s.`). */
export function columnList(names: readonly string[], prefix = ''): string {
  return names.map((name) => `${prefix}${quoteIdentifier(name)}`).join(', ');
}

/** `s."id" = l."id" and ...`. */
export function keysEqual(key: readonly string[], left: string, right: string): string {
  return key.map((name) => `${left}.${quoteIdentifier(name)} = ${right}.${quoteIdentifier(name)}`).join(' and ');
}

/**
 * The DDL of a new staging table. `_synced_at` gets the run's start as a default for its first load, so that no row is touched twice;
 * the key's columns are declared not null, so that making the key does not read the table once more for it.
 */
export function createStagingTable(
  table: SourceTable,
  plan: TablePlan,
  key: readonly string[],
  runStartedAt: Date,
): string {
  const columns = [
    ...plan.stagingColumns.map(
      ({ name, dataType }) => `${quoteIdentifier(name)} ${dataType}${key.includes(name) ? ' not null' : ''}`,
    ),
    `${syncedAt} timestamptz not null default ${timestamp(runStartedAt)}`,
    `${sourceDeletedAt} timestamptz`,
  ];
  return `create table ${stagingName(table)} (\n    ${columns.join(',\n    ')}\n)`;
}

/** What makes a loaded table whole: its key, and `_synced_at` without the default of its first load. */
export function finishStagingTable(table: SourceTable, key: readonly string[]): string {
  const name = stagingName(table);
  const primaryKey = key.length === 0 ? '' : `, add primary key (${columnList(key)})`;
  return `alter table ${name} alter column ${syncedAt} drop default${primaryKey}`;
}

/** The statement that makes a change. */
export function changeStagingTable(table: SourceTable, change: StagingChange): string {
  const column = quoteIdentifier(change.column);
  const action =
    change.kind === 'add'
      ? `add column ${column} ${change.type}`
      : `alter column ${column} type ${change.type} using ${column}::${change.type}`;
  return `alter table ${stagingName(table)} ${action}`;
}

/** A temporary table with some of a staging table's columns, of the same types. */
export function createTemporary(name: string, table: SourceTable, columns: readonly string[]): string {
  return `create temporary table ${name} on commit drop as select ${columnList(columns)} from ${stagingName(table)} with no data`;
}

/** Rows that staging has otherwise get what was loaded; equal rows are left alone, so that their `_synced_at` stays. */
export function updateFromLoad(
  table: SourceTable,
  columns: readonly ColumnPlan[],
  key: readonly string[],
  runStartedAt: Date,
): string {
  const names = columns.map((column) => column.name);
  const values = names.filter((name) => !key.includes(name));
  const sets = [
    ...values.map((name) => `${quoteIdentifier(name)} = l.${quoteIdentifier(name)}`),
    `${syncedAt} = ${timestamp(runStartedAt)}`,
    `${sourceDeletedAt} = null`,
  ];
  // *<> compares the stored form, so that it works for types without an equality (json, xml, point) and sees 1.0 turn into 1.00.
  const differs =
    values.length === 0
      ? ''
      : ` or row(${columnList(values, 's.')})::record operator(pg_catalog.*<>) row(${columnList(values, 'l.')})::record`;
  return `
update ${stagingName(table)} as s
set ${sets.join(', ')}
from ${loadTable} as l
where ${keysEqual(key, 's', 'l')}
  and (s.${sourceDeletedAt} is not null${differs})`;
}

/** Rows that staging does not have. */
export function insertFromLoad(
  table: SourceTable,
  columns: readonly ColumnPlan[],
  key: readonly string[],
  runStartedAt: Date,
): string {
  const names = columns.map((column) => column.name);
  return `
insert into ${stagingName(table)} (${columnList(names)}, ${syncedAt})
select ${columnList(names, 'l.')}, ${timestamp(runStartedAt)}
from ${loadTable} as l
where not exists (select from ${stagingName(table)} as s where ${keysEqual(key, 's', 'l')})`;
}

/** Rows whose key is in no row of `present` are gone at the source; `within` narrows which staging rows, as `t`, are asked about. */
export function markDeleted(
  table: SourceTable,
  key: readonly string[],
  present: string,
  runStartedAt: Date,
  within = 'true',
): string {
  return `
update ${stagingName(table)} as t
set ${sourceDeletedAt} = ${timestamp(runStartedAt)}, ${syncedAt} = ${timestamp(runStartedAt)}
where t.${sourceDeletedAt} is null
  and (${within})
  and not exists (select from ${present} as p where ${keysEqual(key, 't', 'p')})`;
}

/** Takes away the rows that were found gone at the source. */
export function deleteGone(table: SourceTable): string {
  return `delete from ${stagingName(table)} where ${sourceDeletedAt} is not null`;
}

/** How many keys of the source staging lacks or has as deleted: none, unless an increment missed rows. */
export function countMissing(table: SourceTable, key: readonly string[]): string {
  return `
select count(*)
from ${keysTable} as p
where not exists (select from ${stagingName(table)} as s where ${keysEqual(key, 's', 'p')} and s.${sourceDeletedAt} is null)`;
}

/** A moment as a literal. */
export function timestamp(moment: Date): string {
  return `${quoteLiteral(moment.toISOString())}::timestamptz`;
}
