import { quoteIdentifier } from '../util/sql-text.js';
import type { ColumnPlan } from './column-plan.js';
import type { SourceRelation } from './source-catalog.sql.js';

/** The COPY that reads a table at the source; conditions are SQL over the table as `t`. */
export function copyOut(
  relation: SourceRelation,
  columns: readonly ColumnPlan[],
  options: {
    readonly condition?: string | undefined;
    readonly limit?: number | undefined;
    /** A condition that every row fulfils which may be read at all. */
    readonly allowed?: string | undefined;
  },
): string {
  const name = `${quoteIdentifier(relation.schema)}.${quoteIdentifier(relation.name)}`;
  const isPlain =
    relation.kind === 'r' &&
    relation.has_children !== true &&
    options.condition === undefined &&
    options.allowed === undefined &&
    options.limit === undefined &&
    columns.length > 0 &&
    columns.every((column) => column.expression === quoteIdentifier(column.name)) &&
    columns.every((column) => relation.columns?.find(({ name }) => name === column.name)?.isGenerated === false);
  const format = `(format ${isBinary(columns) ? 'binary' : 'text'})`;
  // COPY of a table reads neither its children nor generated columns; a query reads all that a model would see.
  if (isPlain)
    return `copy ${name} (${columns.map(({ name }) => quoteIdentifier(name)).join(', ')}) to stdout ${format}`;
  const conditions = [options.allowed, options.condition].filter((condition) => condition !== undefined);
  const where =
    conditions.length === 0 ? '' : ` where ${conditions.map((condition) => `(${condition})`).join(' and ')}`;
  const limit = options.limit === undefined ? '' : ` limit ${options.limit}`;
  return `copy (select ${columns.map(copiedValue).join(', ')} from ${name} as t${where}${limit}) to stdout ${format}`;
}

/** What is read of a column, of the table as `t`. */
export function copiedValue(column: ColumnPlan): string {
  return `${column.expression.startsWith('"') ? 't.' : ''}${column.expression}`;
}

/** Can these columns travel in PostgreSQL's binary form? */
export function isBinary(columns: readonly ColumnPlan[]): boolean {
  return columns.every((column) => column.isBinarySafe);
}

/**
 * The COPY that writes what copyOut() reads. Into a table that the same transaction has made, rows go as `isFrozen`: who can see the table can see them, so
 * that neither making its key nor any later reader writes on every page who may.
 */
export function copyIn(target: string, columns: readonly ColumnPlan[], isFrozen = false): string {
  const names = columns.map(({ name }) => quoteIdentifier(name)).join(', ');
  return `copy ${target} (${names}) from stdin (format ${isBinary(columns) ? 'binary' : 'text'}${isFrozen ? ', freeze' : ''})`;
}
