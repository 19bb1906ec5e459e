import { formatInstant, type Instant } from '../../src/util/instant.js';

/** Types a column may have: PostgreSQL's names; `text` also admits varchar. */
export type ColumnType =
  | 'uuid'
  | 'text'
  | 'bigint'
  | 'integer'
  | 'boolean'
  | 'date'
  | 'timestamp with time zone'
  | 'numeric(12,2)'
  | 'jsonb'
  | 'text[]'
  | 'numeric[]';

/** A value as compared: text as PostgreSQL prints it, timestamps by formatInstant. */
export type Cell = string | null;

/** A table of the contract as it should be. */
export interface ExpectedTable {
  readonly name: string;
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, ColumnType>>;
  readonly rows: readonly Readonly<Record<string, Cell>>[];
  /** Columns of the contract whose values it does not fix. */
  readonly uncompared?: readonly string[];
  /** The contract names the columns, but not one after the other. */
  readonly isOrderFree?: boolean;
  /** A materialized view, where the contract says so. */
  readonly isMaterializedView?: boolean;
}

/** What the computation depends on besides the rows. */
export interface OracleSettings {
  readonly asOf: Instant;
  readonly timezone: string;
  readonly salt: string;
  readonly bulkThreshold: number;
}

export const number = (value: number | undefined): Cell => (value === undefined ? null : String(value));
export const flag = (value: boolean | undefined): Cell => (value === undefined ? null : value ? 't' : 'f');
export const stamp = (value: Instant | undefined): Cell => (value === undefined ? null : formatInstant(value));
