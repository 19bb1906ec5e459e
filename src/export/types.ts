import type { ExecutableNode, JsonObject, ResourceId } from '../types/index.js';
import type { OutputFile } from './output-file.js';

/** What the values of a column are, whatever a file format makes of them. */
export type ValueKind =
  | { readonly kind: SimpleKind }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'list'; readonly element: ElementKind };

/** The kinds without particulars; `digits` is a numeric that no 38 digits hold, `text` whatever has no kind of its own, as PostgreSQL writes it. */
export type SimpleKind =
  | 'boolean'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'float32'
  | 'float64'
  | 'digits'
  | 'date'
  | 'timestamp'
  | 'timestamptz'
  | 'time'
  | 'uuid'
  | 'text'
  | 'json'
  | 'bytes';

/** What an element of a list is. */
export type ElementKind = Exclude<ValueKind, { readonly kind: 'list' }>;

/** A column of a relation that is exported. */
export interface DatasetColumn {
  readonly name: string;
  /** `format_type(atttypid, atttypmod)`. */
  readonly postgresType: string;
  readonly kind: ValueKind;
  /** What it is ordered by: the column itself where equal values are written alike, else its text. */
  readonly sortKey: string;
}

/** Rows in columns: PostgreSQL's text of each value, null for NULL. */
export interface Batch {
  readonly rows: number;
  readonly columns: readonly (readonly (string | null)[])[];
  /** The same values as COPY wrote them, escaped, so that they can be told apart without doubt. */
  readonly escaped: readonly (readonly string[])[];
}

/** Writes the rows of one file. */
export interface RowWriter {
  write(batch: Batch): Promise<void>;
  /** Writes what is left; the file is closed by who opened it. */
  finish(): Promise<void>;
}

/** A file format: one file of this folder and one line in its table. */
export interface Exporter {
  readonly format: string;
  /** What a column is in such a file, in the format's own words. */
  fileType(kind: ValueKind): string;
  open(file: OutputFile, columns: readonly DatasetColumn[]): Promise<RowWriter>;
}

/** One thing to export: a model in a format to a folder. */
export interface ExportRequest {
  readonly id: ResourceId;
  readonly format: string;
  /** Absolute path of the folder. */
  readonly folder: string;
  /** One file a value of the column `split`? */
  readonly isSplit: boolean;
}

/** A model that is exported, with what its files are named after. */
export interface Dataset extends ExportRequest {
  readonly node: ExecutableNode;
  /** `schema.name`, the beginning of each file's name. */
  readonly name: string;
  /** Quoted name in SQL. */
  readonly relation: string;
  readonly meta: JsonObject;
}
