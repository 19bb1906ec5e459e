import type { ConnectionSettings, Target } from './connection.js';
import type { Json, JsonObject } from './json.js';

/** A `dispatch:` entry of a project. */
export interface DispatchRule {
  readonly macro_namespace: string;
  readonly search_order: readonly string[];
}

/** An entry of `exports:` in chemflow.yml: what a run ends with. */
export interface ExportEntry {
  readonly select: readonly string[];
  readonly exclude: readonly string[];
  readonly format: string;
  /** Folder, relative to the project's. */
  readonly out: string;
  readonly split: boolean;
}

/** An expression that takes personal data out of what goes into it, declared with the reason why it does. */
export interface DeclassifierConfig {
  readonly name: string;
  /** SQL with `$1`, `$2` for what goes into it. */
  readonly expression: string;
  readonly reason: string;
  /** The kinds that it takes out; null: all. */
  readonly kinds: readonly string[] | null;
  /** Where it stands in the project's file. */
  readonly place: { readonly file: string; readonly line: number; readonly column: number };
}

/** `privacy:` of chemflow.yml: where personal data may be, and what takes it out of a value. */
export interface PrivacyConfig {
  /** Schemas that may hold personal data, as `+schema:` names them (without a target's prefix). */
  readonly allowedIn: readonly string[];
  readonly declassifiers: readonly DeclassifierConfig[];
  /** Functions, beside PostgreSQL's own, that compute from their arguments alone (`digest`, `util.slug`). */
  readonly functions: readonly string[];
  /** `operations: declared`: on-run-start and on-run-end are not followed. */
  readonly trustsOperations: boolean;
}

/** One project's own settings: the root project or an installed package. */
export interface ProjectConfig {
  /** `chemflow`: read from chemflow.yml; `dbt`: from dbt_project.yml. */
  readonly kind: 'chemflow' | 'dbt';
  readonly name: string;
  readonly version: string | undefined;
  /** Absolute path of the folder. */
  readonly root: string;
  /** The configuration file's path relative to the root project's folder. */
  readonly file: string;
  readonly modelPaths: readonly string[];
  readonly seedPaths: readonly string[];
  readonly snapshotPaths: readonly string[];
  readonly macroPaths: readonly string[];
  readonly testPaths: readonly string[];
  readonly analysisPaths: readonly string[];
  readonly docsPaths: readonly string[];
  /** Raw `vars:`: global and by package name. */
  readonly vars: JsonObject;
  /** The configuration trees by resource kind: models, seeds, snapshots, data_tests, sources ...; `+key` and plain keys as written. */
  readonly configTrees: Readonly<Record<string, JsonObject>>;
  readonly dispatch: readonly DispatchRule[];
  readonly onRunStart: readonly string[];
  readonly onRunEnd: readonly string[];
  readonly quoting: { readonly database?: boolean; readonly schema?: boolean; readonly identifier?: boolean };
  readonly flags: JsonObject;
  readonly queryComment: Json | undefined;
  readonly exports: readonly ExportEntry[];
  readonly privacy?: PrivacyConfig | undefined;
}

/** A project as loaded: its own configuration, its packages, its target and connections. */
export interface Project {
  readonly root: ProjectConfig;
  readonly packages: readonly ProjectConfig[];
  readonly target: Target;
  /** Connections that sources are read from, by name (`connection:` in sources.yml). Empty in a dbt project. */
  readonly sourceConnections: Readonly<Record<string, ConnectionSettings>>;
  /** Names of all connections that chemflow.yml declares, configured or not. */
  readonly connectionNames?: readonly string[] | undefined;
  /** Does the embedded server get the sample sources (`sample: true`)? */
  readonly sample?: boolean | undefined;
  readonly cliVars: JsonObject;
  /** Absolute path of the folder for artifacts (`target/`). */
  readonly targetPath: string;
  /** The environment variables that templates may read with env_var(). */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Rows a batch wherever rows are batched (ETL_BATCH_SIZE). */
  readonly batchSize: number;
}

/** Flags of one invocation, as templates see them in `flags` (dbt's names are given by context/). */
export interface InvocationFlags {
  /** The command: run, build, test, compile, seed, snapshot, show, ls, parse, run-operation ... */
  readonly which: string;
  readonly fullRefresh: boolean;
  /** With fullRefresh: what only the warehouse remembers goes too (snapshots, incremental models that are never rebuilt, rows that the sources lost). */
  readonly discardHistory?: boolean | undefined;
  readonly failFast: boolean;
  readonly storeFailures: boolean;
  readonly empty: boolean;
  readonly threads: number;
  readonly args: JsonObject;
}

/** One invocation: its id (uuid) and its start. */
export interface Invocation {
  readonly id: string;
  readonly startedAt: Date;
  readonly flags: InvocationFlags;
}
