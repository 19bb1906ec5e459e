import type { JsonObject } from './json.js';
import type { ResourceId } from './resource.js';

/** dbt's statuses: of a node, a test, a freshness check. */
export type RunStatus =
  'success' | 'error' | 'skipped' | 'no-op' | 'partial success' | 'pass' | 'fail' | 'warn' | 'runtime error';

/** How two sets of rows differ; values are PostgreSQL's text, null for NULL. */
export interface RowDifference {
  readonly columns: readonly string[];
  /** Rows that are expected, and rows that are there in their stead, side by side: at least one value is equal. */
  readonly changed: readonly {
    readonly expected: readonly (string | null)[];
    readonly actual: readonly (string | null)[];
  }[];
  readonly missing: readonly (readonly (string | null)[])[];
  readonly surplus: readonly (readonly (string | null)[])[];
  /** Number of rows that are as expected. */
  readonly equal: number;
}

/** How one node of a run ended. Times are from the machine's clock. */
export interface RunResult {
  readonly id: ResourceId;
  readonly status: RunStatus;
  /** `INSERT 0 12`-like words, or the reason why it failed or was skipped. */
  readonly message: string | null;
  readonly rowsAffected: number | null;
  readonly failures: number | null;
  readonly startedAt: Date;
  readonly compiledAt: Date | null;
  readonly endedAt: Date;
  readonly threadId: string;
  readonly adapterResponse: JsonObject;
  readonly relationName: string | null;
  readonly compiledCode: string | null;
  /** The error itself, for printing with its place. */
  readonly error?: unknown;
  /** How the rows of a failed unit test differ; `message` says it in words. */
  readonly difference?: RowDifference | undefined;
  /** How it was put in its place. */
  readonly publication?: 'rename' | 'in place' | 'replace' | 'append' | undefined;
}

/** How one source table's copying ended. */
export interface ExtractResult {
  readonly id: ResourceId;
  readonly status: 'success' | 'error' | 'skipped';
  readonly mode: 'full' | 'incremental' | 'date range';
  readonly rows: number;
  readonly bytes: number;
  readonly deletedRows: number;
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly message: string | null;
  readonly error?: unknown;
}

/** How one dataset's export ended. */
export interface ExportResult {
  readonly status: 'success' | 'error';
  readonly rows: number;
  readonly bytes: number;
  /** Data files, without what stands beside them. */
  readonly files: number;
  readonly startedAt: Date;
  readonly endedAt: Date;
}
