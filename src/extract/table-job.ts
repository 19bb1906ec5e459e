import type { ChemflowError } from '../error/index.js';
import { didYouMean } from '../error/index.js';
import { forgottenRows, forgottenValue } from '../person/index.js';
import type { Manifest, SourceTable, State, Session, Tombstone, Watermark } from '../types/index.js';
import { isCopied, planColumns, type TablePlan, type WarehouseType } from './column-plan.js';
import type { CopyCount } from './copy-rows.js';
import { missingPrivilege, missingTable, sourceChanged, sourceTableName, tableError } from './errors.js';
import { isSameSource } from './fingerprint.js';
import type { SourceRelation } from './source-catalog.sql.js';
import type { SourceSnapshot } from './source-snapshot.js';
import type { StagingTable } from './staging-catalog.js';

/** One table to copy: what is known of it at both ends before a row moves. */
export interface TableJob {
  readonly table: SourceTable;
  readonly manifest: Manifest;
  readonly relation: SourceRelation;
  readonly snapshot: SourceSnapshot;
  readonly plan: TablePlan;
  /** Columns that tell rows apart: as configured, else the source's primary key; may be empty. */
  readonly key: readonly string[];
  /** The staging table, undefined before its first load. */
  readonly staging: StagingTable | undefined;
  /** Only where its staging table is there too. */
  readonly watermark: Watermark | undefined;
  /** A condition over the source's rows that leaves out who is forgotten; undefined where that is nobody. */
  readonly allowed: string | undefined;
}

/** What a strategy works with: two sessions in transactions, and the run. */
export interface CopyContext {
  readonly source: Session;
  readonly warehouse: Session;
  readonly state: State;
  readonly runId: string;
  readonly runStartedAt: Date;
  readonly onBytes: (bytes: number) => void;
}

/** What a strategy did. */
export interface CopyOutcome extends CopyCount {
  /** Rows that staging did not have so. */
  readonly written: number;
  /** Rows found gone at the source. */
  readonly deleted: number;
  /** Did it read every row? */
  readonly isComplete: boolean;
}

/** Plans one table's copy, or throws the EXTRACT.* error that forbids it. */
export function planTable(input: {
  readonly table: SourceTable;
  readonly manifest: Manifest;
  readonly relation: SourceRelation;
  readonly snapshot: SourceSnapshot;
  readonly staging: StagingTable | undefined;
  readonly watermark: Watermark | undefined;
  readonly warehouseType: WarehouseType;
  readonly tombstones: readonly Tombstone[];
}): TableJob {
  const { table, manifest, relation, snapshot, staging } = input;
  const watermark = staging === undefined ? undefined : input.watermark;
  if (relation.kind === null || relation.columns === null) {
    const others = snapshot.relations.filter(({ kind }) => kind !== null).map(({ name }) => name);
    throw missingTable(table, manifest, others);
  }
  if (relation.has_schema_usage === false) throw missingPrivilege(table, manifest, 'schema');
  const unreadable = relation.columns.filter((column) => !column.isReadable && isCopied(table, column.name));
  if (unreadable.length > 0) {
    const isAll = relation.columns.every((column) => !column.isReadable);
    throw missingPrivilege(table, manifest, isAll ? 'table' : unreadable.map(({ name }) => name));
  }
  if (watermark !== undefined && !isSameSource(watermark.fingerprint, snapshot.fingerprint))
    throw sourceChanged(table, manifest, watermark);
  const planned = planColumns(table, relation.columns, staging?.columns, input.warehouseType);
  const plan = {
    ...planned,
    columns: planned.columns.map((column) => ({
      ...column,
      expression: forgottenValue(table, column.name, column.expression, input.tombstones) ?? column.expression,
    })),
  };
  const configured = table.extract?.key ?? [];
  const key = configured.length > 0 ? configured : relation.primary_key;
  for (const name of key) {
    if (!plan.columns.some((column) => column.name === name))
      throw missingColumn(table, manifest, relation, name, 'key');
  }
  const allowed = forgottenRows(table, key, input.tombstones);
  return { table, manifest, relation, snapshot, plan, key, staging, watermark, allowed };
}

/** A column that sources.yml relies on is not at the source (or is not copied). */
export function missingColumn(
  table: SourceTable,
  manifest: Manifest,
  relation: SourceRelation,
  name: string,
  role: string,
): ChemflowError {
  const names = relation.columns?.map((column) => column.name) ?? [];
  return tableError(table, manifest, {
    code: 'MISSING_COLUMN',
    message: `its ${role} ${name} is no copied column of ${sourceTableName(table)}.`,
    hint: didYouMean(name, names) ?? `Its columns: ${names.join(', ')}.`,
  });
}
