import type { Column, SourceTable } from '../types/index.js';
import { quoteIdentifier } from '../util/sql-text.js';
import type { SourceColumn } from './source-catalog.sql.js';

/** The two columns that chemflow adds to every staging table. */
export const syncedAt = '_synced_at';
export const sourceDeletedAt = '_source_deleted_at';

/** One column on its way from a source to staging. */
export interface ColumnPlan {
  readonly name: string;
  readonly position: number;
  readonly sourceType: string;
  readonly stagingType: string;
  /** What is selected at the source. */
  readonly expression: string;
  /** Has the value the same binary form at both ends? */
  readonly isBinarySafe: boolean;
}

/** A change of a staging table that must come before the rows. */
export type StagingChange =
  | { readonly kind: 'add'; readonly column: string; readonly type: string }
  | { readonly kind: 'alter'; readonly column: string; readonly from: string; readonly type: string };

/** What is copied of a table, and what staging is to look like. */
export interface TablePlan {
  /** Columns that are copied, in the source's order. */
  readonly columns: readonly ColumnPlan[];
  /** Columns of a new staging table besides chemflow's own: the copied ones and the declared ones that the source lacks. */
  readonly stagingColumns: readonly Column[];
  /** Changes of the staging table that there is. */
  readonly changes: readonly StagingChange[];
}

/** The warehouse's name of a source's type, or undefined where it lacks it. */
export type WarehouseType = (column: SourceColumn) => string | undefined;

/** pgcopydb found its binary form to differ between machines. */
const unsafeBinaryTypes = new Set(['tsvector']);

/** Decides for each column what is selected, as which type it is kept, and what must change in staging first. */
export function planColumns(
  table: SourceTable,
  source: readonly SourceColumn[],
  staging: readonly Column[] | undefined,
  warehouseType: WarehouseType,
): TablePlan {
  const existing = new Map((staging ?? []).map((column) => [column.name, column.dataType] as const));
  const changes: StagingChange[] = [];
  const columns = source
    .filter((column) => isCopied(table, column.name))
    .map((column): ColumnPlan => {
      const wanted = warehouseType(column);
      const present = existing.get(column.name);
      const stagingType = stagingTypeOf(wanted ?? 'text', present);
      if (staging !== undefined && present === undefined) {
        changes.push({ kind: 'add', column: column.name, type: stagingType });
      } else if (present !== undefined && !isSameType(present, stagingType)) {
        changes.push({ kind: 'alter', column: column.name, from: present, type: stagingType });
      }
      return planColumn(column, stagingType);
    });
  const copied = new Set(columns.map((column) => column.name));
  const declared = declaredColumns(table).filter((column) => !copied.has(column.name));
  if (staging !== undefined) {
    for (const column of declared) {
      if (!existing.has(column.name)) changes.push({ kind: 'add', column: column.name, type: column.dataType });
    }
    for (const name of [syncedAt, sourceDeletedAt]) {
      if (!existing.has(name)) changes.push({ kind: 'add', column: name, type: 'timestamp with time zone' });
    }
  }
  const stagingColumns = [
    ...columns.map((column) => ({ name: column.name, dataType: column.stagingType })),
    ...declared,
  ];
  return { columns, stagingColumns, changes };
}

/** Is a column of this name copied, by the table's `columns` and `exclude`? */
export function isCopied(table: SourceTable, name: string): boolean {
  const columns = table.extract?.columns ?? null;
  return (columns === null || columns.includes(name)) && table.extract?.exclude.includes(name) !== true;
}

/** Columns that sources.yml promises, with their types; they exist in staging whatever the source has. */
function declaredColumns(table: SourceTable): readonly Column[] {
  return Object.values(table.columns)
    .filter((column) => isCopied(table, column.name))
    .map((column) => ({
      name: column.name,
      dataType: column.data_type ?? (column.name === table.extract?.soft_delete ? 'timestamp with time zone' : 'text'),
    }));
}

function planColumn(column: SourceColumn, stagingType: string): ColumnPlan {
  const name = quoteIdentifier(column.name);
  const isKept = isSameType(stagingType, column.dataType) && (column.isBuiltin || column.extension !== null);
  return {
    name: column.name,
    position: column.position,
    sourceType: column.dataType,
    stagingType,
    // A cast at the source makes the value binary-safe: text and wider numbers have one form everywhere.
    expression: isKept ? name : `${name}::${stagingType}`,
    isBinarySafe: !isKept || (column.isBuiltin && !unsafeBinaryTypes.has(column.bareName)),
  };
}

/** The source's type, unless staging has a wider one already: its older rows may need it. */
function stagingTypeOf(wanted: string, present: string | undefined): string {
  return present !== undefined && isWider(present, wanted) ? present : wanted;
}

const integerRanks = new Map([
  ['smallint', 1],
  ['integer', 2],
  ['bigint', 3],
]);

/** Does every value of type `narrow` fit into type `wide` as it is? Only plain cases are known; a type is not wider than itself. */
export function isWider(wide: string, narrow: string): boolean {
  if (isSameType(wide, narrow)) return false;
  if (wide === 'text') return narrow !== 'text';
  const rank = (type: string): number => integerRanks.get(type) ?? 0;
  if (rank(narrow) > 0 && (rank(wide) > rank(narrow) || wide === 'numeric')) return true;
  if (narrow === 'real' && wide === 'double precision') return true;
  const [wideName, wideLength] = splitModifier(wide);
  const [narrowName, narrowLength] = splitModifier(narrow);
  if (wideName !== narrowName) return false;
  if (wideLength === undefined) return narrowLength !== undefined;
  if (narrowLength === undefined) return false;
  if (wideName === 'numeric') {
    const [wideDigits, wideScale] = digits(wideLength);
    const [narrowDigits, narrowScale] = digits(narrowLength);
    return wideScale >= narrowScale && wideDigits - wideScale >= narrowDigits - narrowScale;
  }
  return Number(wideLength) > Number(narrowLength);
}

/** `character varying(20)` as its name and modifier; `timestamp(3) with time zone` keeps its tail in the name. */
function splitModifier(type: string): readonly [name: string, modifier: string | undefined] {
  const match = /^([^(]*)\(([^)]*)\)(.*)$/.exec(type);
  return match === null ? [type, undefined] : [`${match[1]}${match[3]}`, match[2]];
}

function digits(modifier: string): readonly [precision: number, scale: number] {
  const [precision = '0', scale = '0'] = modifier.split(',');
  return [Number(precision), Number(scale)];
}

/** Types as format_type shows them, which leaves out a schema that is on the search path. */
export function isSameType(left: string, right: string): boolean {
  return bare(left) === bare(right);
}

function bare(type: string): string {
  return type.replaceAll('"', '').replace(/^[^.( ]+\./, '');
}
