import type { SourceTable, Tombstone } from '../types/index.js';
import { quoteIdentifier, quoteLiteral } from '../util/sql-text.js';
import { personColumns } from './person-columns.js';

function keysOf(tombstones: readonly Tombstone[], person: string): readonly string[] {
  return tombstones.filter((tombstone) => tombstone.person === person).map(({ key }) => key);
}

function isOneOf(column: string, keys: readonly string[]): string {
  return `t.${quoteIdentifier(column)}::text in (${keys.map(quoteLiteral).join(', ')})`;
}

/** A condition over a source table as `t` that leaves out whoever is forgotten and the rows that refer to them; undefined where that is no row. */
export function forgottenRows(
  table: SourceTable,
  key: readonly string[],
  tombstones: readonly Tombstone[],
): string | undefined {
  if (tombstones.length === 0) return undefined;
  const [only] = key;
  const own = keysOf(tombstones, `${table.source_name}.${table.name}`);
  const conditions = [
    ...(only === undefined || own.length === 0 ? [] : [isOneOf(only, own)]),
    ...personColumns(table).flatMap(({ column, person, action }) => {
      const keys = keysOf(tombstones, person);
      return action === 'remove' && keys.length > 0 ? [isOneOf(column, keys)] : [];
    }),
  ];
  // "is not true", since a null says that it is nobody's.
  return conditions.length === 0 ? undefined : `(${conditions.join(' or ')}) is not true`;
}

/** What is read of a column that refers to people where the row itself stays: null instead of who is forgotten; undefined for any other column. */
export function forgottenValue(
  table: SourceTable,
  column: string,
  expression: string,
  tombstones: readonly Tombstone[],
): string | undefined {
  const reference = personColumns(table).find((one) => one.column === column && one.action === 'unlink');
  const keys = reference === undefined ? [] : keysOf(tombstones, reference.person);
  const value = expression.startsWith('"') ? `t.${expression}` : expression;
  return keys.length === 0 ? undefined : `case when ${isOneOf(column, keys)} then null else ${value} end`;
}
