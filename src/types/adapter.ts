import type { Readable, Writable } from 'node:stream';
import type { ConnectionSettings } from './connection.js';
import type { Column, Relation, RelationType } from './relation.js';

/** A result column. */
export interface ResultColumn {
  readonly name: string;
  readonly typeOid: number;
}

/** A query's result with every value as PostgreSQL's text (null for NULL), so that nothing is rounded or re-zoned on its way. */
export interface QueryResult {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly (string | null)[])[];
  readonly rowCount: number;
  /** The command tag's first word: SELECT, INSERT, CREATE. */
  readonly command: string;
}

/** One session (connection) with a server. Used by one caller at a time, except cancel(). */
export interface Session {
  readonly name: string;
  readonly backendPid: number;
  readonly serverVersion: number;
  /** Resolves when the connection has ended, however that came about; never rejects. */
  readonly ended: Promise<void>;
  /** Sends SQL; several statements are allowed where there are no parameters, and the last one's result is returned. Errors are ChemflowError with code `SQL.<SQLSTATE>`. */
  query(sql: string, parameters?: readonly unknown[]): Promise<QueryResult>;
  /** Rows as objects with JavaScript values: int8 and numeric as string, bool, json parsed, timestamps as text. */
  rows<Row extends object>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** A stream to write COPY data into; it finishes when the server has acknowledged. */
  copyFrom(sql: string): Writable & { readonly rowCount: number };
  /** A stream of COPY data. */
  copyTo(sql: string): Readable & { readonly rowCount: number };
  /** NOTICEs since the last call, cleared by it. */
  takeNotices(): readonly string[];
  /** Asks the server to cancel what this session is doing (through a connection of its own). */
  cancel(): Promise<void>;
  close(): Promise<void>;
}

/** What a server version can do. */
export interface Capabilities {
  readonly serverVersion: number;
  readonly hasMerge: boolean;
  readonly hasNullsNotDistinct: boolean;
  readonly hasMergeReturning: boolean;
}

/** A relation found in the catalog. */
export interface CatalogRelation extends Relation {
  readonly type: RelationType;
  readonly oid: number;
  readonly owner: string;
}

/** What kind of session is opened. */
export interface SessionOptions {
  /** Is it left alone by cancelAll, so that a run's end can still be written? */
  readonly bookkeeping?: boolean;
  /** Settings that it begins with, where the connection has none of that name. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Opens sessions. The only way to a database. */
export interface Adapter {
  readonly settings: ConnectionSettings;
  /** Opens a new session; `applicationName` is shown in pg_stat_activity. */
  open(applicationName: string, options?: SessionOptions): Promise<Session>;
  /** Begins to open the session that open() will be asked for next under this name, so that it is there by then. */
  expect(applicationName: string, options?: SessionOptions): void;
  /** Runs `work` with a session of the pool (at most `size` open), and gives it back. */
  withSession<T>(work: (session: Session) => Promise<T>): Promise<T>;
  capabilities(): Promise<Capabilities>;
  /** Cancels what every open session is doing; later work is refused with `RUN.INTERRUPTED`. */
  cancelAll(): Promise<void>;
  close(): Promise<void>;
}

/** The relations of the schemas that a run touches, read once, and kept right by who changes them. */
export interface RelationCache {
  /** Reads schemas that have not been read yet. */
  load(schemas: readonly { readonly database: string; readonly schema: string }[]): Promise<void>;
  get(relation: Relation): CatalogRelation | undefined;
  list(schema: string): readonly CatalogRelation[];
  hasSchema(schema: string): boolean;
  add(relation: CatalogRelation): void;
  remove(relation: Relation): void;
  columns(relation: Relation): Promise<readonly Column[]>;
}
