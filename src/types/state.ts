import type { Session } from './adapter.js';
import type { JsonObject } from './json.js';
import type { Column } from './relation.js';
import type { ResourceId } from './resource.js';
import type { RunResult } from './result.js';

/** How a whole run ended; `abandoned` is written by a later run for one whose process vanished. */
export type RunEnd = 'success' | 'failure' | 'error' | 'interrupted' | 'abandoned';

/** A run as it begins. */
export interface RunStart {
  /** The invocation's id (uuid). */
  readonly id: string;
  /** The command as typed, without secrets: `run --select x`. */
  readonly command: string;
  readonly target: string;
  readonly startedAt: Date;
  readonly chemflowVersion: string;
  readonly arguments?: JsonObject | undefined;
}

/** A run as `chemflow history` shows it. `endedAt` is null while it runs. */
export interface RunHistory {
  readonly id: string;
  readonly command: string;
  readonly target: string;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly status: RunEnd | 'running';
  readonly message: string | null;
  /** Nodes by status. */
  readonly nodes: Readonly<Record<string, number>>;
  /** Source tables that arrived, and the rows that they brought. */
  readonly extractedTables: number;
  readonly extractedRows: number;
}

/** Which database server and database a source was, so that another one under the same name is noticed. */
export interface SourceFingerprint {
  /** pg_control_system().system_identifier, null where the user may not see it. */
  readonly systemIdentifier: string | null;
  readonly databaseOid: string;
  readonly databaseName: string;
}

/** Up to where a staging table holds its source. */
export interface Watermark {
  readonly stagingSchema: string;
  readonly stagingTable: string;
  readonly sourceId: ResourceId;
  readonly fingerprint: SourceFingerprint;
  /** `schema.table` at the source. */
  readonly sourceTable: string;
  /** Changes when another table (or another set of partitions) stands under the source's name. */
  readonly incarnation: string;
  /** pg_snapshot_xmin(pg_current_snapshot()) of the last extraction, an xid8 as text; null where the source has no transaction horizon. */
  readonly horizon: string | null;
  /** The greatest cursor value seen, as the source's text. */
  readonly cursor: string | null;
  readonly key: readonly string[];
  /** The source's columns as they were read, with their attnum: a column dropped and added again is another one. */
  readonly columns: readonly (Column & { readonly position: number })[];
  /** Start of the last run that read every row. */
  readonly lastFullAt: Date;
  readonly lastRunAt: Date;
  readonly lastRunId: string;
}

/** One copying of one table, as the ledger keeps it. */
export interface LedgerEntry {
  readonly runId: string;
  readonly runStartedAt: Date;
  readonly sourceId: ResourceId;
  readonly stagingSchema: string;
  readonly stagingTable: string;
  readonly mode: 'full' | 'incremental' | 'date range' | 'sample';
  readonly horizonBefore: string | null;
  readonly horizonAfter: string | null;
  readonly rangeStart?: string | undefined;
  readonly rangeEnd?: string | undefined;
  readonly rowsRead: number;
  readonly bytes: number;
  readonly rowsWritten: number;
  readonly rowsDeleted: number;
}

/** The session's salt beside that which a target was built with; `rotating`: the same, but not everything is built with it yet. */
export type SaltState = 'unset' | 'new' | 'same' | 'other' | 'rotating';

/** Somebody who is forgotten: the people's table as `source.table`, and the key there as text. */
export interface Tombstone {
  readonly person: string;
  readonly key: string;
}

/** The lock that makes a run the only one on a database; it ends with its connection. */
export interface RunLock {
  /** Aborts when the lock's connection is lost before release(). */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** What chemflow remembers in schema `chemflow` of the analytics database. */
export interface State {
  /** Takes the run lock or fails at once with `STATE.LOCKED`, which names the holder. `description` is the command as typed. */
  acquireRunLock(description: string): Promise<RunLock>;
  startRun(run: RunStart): Promise<void>;
  finishRun(run: { readonly id: string; readonly status: RunEnd; readonly message?: string | null }): Promise<void>;
  /** Writes a batch of results in one round trip. */
  recordResults(runId: string, results: readonly RunResult[]): Promise<void>;
  /** The statement that writes them, for the transaction of what they are about; undefined where nothing is to be noted. */
  resultsStatement(runId: string, results: readonly RunResult[]): string | undefined;
  /** The last runs, newest first. */
  history(limit: number): Promise<readonly RunHistory[]>;
  /** The watermarks of a staging schema, by table name. */
  watermarks(stagingSchema: string): Promise<ReadonlyMap<string, Watermark>>;
  /** Writes a watermark in the session's transaction. */
  setWatermark(session: Session, watermark: Watermark): Promise<void>;
  /** Adds to the ledger in the session's transaction. */
  recordExtraction(session: Session, entry: LedgerEntry): Promise<void>;
  /** Writes a source's clock, to be read by models as `chemflow.source_clocks`. `clock` is the source's text. */
  setSourceClock(clock: {
    readonly stagingSchema: string;
    readonly sourceName: string;
    readonly clock: string;
    readonly runStartedAt: Date;
  }): Promise<void>;
  /** What is known of the salt that a target (by its schema) was built with. */
  salt(targetSchema: string): Promise<SaltState>;
  /** Notes the session's salt as a target's. */
  noteSalt(targetSchema: string, isRotating: boolean): Promise<void>;
  /** Everybody who is forgotten. */
  tombstones(): Promise<readonly Tombstone[]>;
  /** Notes in the session's transaction that somebody is forgotten. */
  setTombstone(session: Session, tombstone: Tombstone, runId: string): Promise<void>;
  /** Takes messages out of the history, in the session's transaction, that quote one of these texts (lower case, without quotes and backslashes). */
  blotMessages(session: Session, texts: readonly string[]): Promise<void>;
  close(): Promise<void>;
}
