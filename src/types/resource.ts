import type { Json, JsonObject } from './json.js';

/** `model.<package>.<name>`, as dbt's unique_id. */
export type ResourceId = string;

/** The kinds of resource, with dbt's words for `resource_type`. */
export type ResourceType =
  | 'model'
  | 'seed'
  | 'snapshot'
  | 'test'
  | 'analysis'
  | 'operation'
  | 'source'
  | 'exposure'
  | 'unit_test'
  | 'sql_operation';

/** A documented column of a resource. */
export interface ColumnProperties {
  readonly name: string;
  readonly description: string;
  readonly data_type?: string | undefined;
  readonly quote?: boolean | undefined;
  readonly meta: JsonObject;
  readonly tags: readonly string[];
  readonly constraints?: readonly Json[] | undefined;
}

/** A hook: SQL text (Jinja, rendered when it runs). */
export interface Hook {
  readonly sql: string;
  readonly transaction: boolean;
}

/** A resource's configuration after dbt's precedence is applied. Known keys are typed; a project's own keys are kept beside them. */
export interface NodeConfig {
  readonly enabled: boolean;
  readonly materialized: string;
  readonly alias?: string | null | undefined;
  readonly schema?: string | null | undefined;
  readonly database?: string | null | undefined;
  readonly tags: readonly string[];
  readonly meta: JsonObject;
  readonly group?: string | null | undefined;
  readonly full_refresh?: boolean | null | undefined;
  readonly unique_key?: string | readonly string[] | null | undefined;
  readonly incremental_strategy?: string | null | undefined;
  readonly on_schema_change?: string | undefined;
  readonly on_configuration_change?: string | undefined;
  readonly indexes?: readonly JsonObject[] | undefined;
  readonly grants: JsonObject;
  readonly persist_docs: JsonObject;
  readonly 'pre-hook': readonly Hook[];
  readonly 'post-hook': readonly Hook[];
  readonly quoting: JsonObject;
  readonly column_types: JsonObject;
  readonly unlogged?: boolean | undefined;
  readonly severity?: string | undefined;
  readonly [key: string]: unknown;
}

/** What every resource that is a node of the graph has. Field names are those of dbt's manifest v12, so that `graph` in a template, the artifact and chemflow share them. */
export interface Node {
  readonly unique_id: ResourceId;
  readonly resource_type: ResourceType;
  readonly name: string;
  readonly package_name: string;
  /** Path relative to its resource folder (`core/unified_users.sql`). */
  readonly path: string;
  /** Path relative to its package's root (`models/core/unified_users.sql`). */
  readonly original_file_path: string;
  /** Package name, folders, name. */
  readonly fqn: readonly string[];
  readonly database: string;
  readonly schema: string;
  readonly alias: string;
  /** The quoted name in SQL, null for ephemeral models and tests that store nothing. */
  readonly relation_name: string | null;
  readonly raw_code: string;
  readonly language: 'sql';
  /** Of the file's contents; for a seed of more than a mebibyte it is its path's, as in dbt. */
  readonly checksum: { readonly name: 'sha256' | 'path' | 'none'; readonly checksum: string };
  readonly config: NodeConfig;
  /** Configuration as written, before defaults. */
  readonly unrendered_config: JsonObject;
  readonly tags: readonly string[];
  readonly meta: JsonObject;
  readonly description: string;
  readonly columns: Readonly<Record<string, ColumnProperties>>;
  /** Path of the properties file, `package://path`, or null. */
  readonly patch_path: string | null;
  readonly docs: { readonly show: boolean; readonly node_color?: string | null };
  readonly refs: readonly RefCall[];
  /** `[source, table]` pairs. */
  readonly sources: readonly (readonly [string, string])[];
  readonly depends_on: { readonly nodes: readonly ResourceId[]; readonly macros: readonly string[] };
  readonly created_at: number;
  /** Line of `original_file_path` where `raw_code` begins; 1 for a file that is one resource. */
  readonly line: number;
}

/** A call of ref(). */
export interface RefCall {
  readonly name: string;
  readonly package: string | null;
  readonly version: string | number | null;
}

/** A model. */
export interface Model extends Node {
  readonly resource_type: 'model';
  readonly access?: string | undefined;
  readonly group?: string | null | undefined;
  readonly constraints?: readonly Json[] | undefined;
  /** Set for a model with `versions:`. */
  readonly version?: string | number | null | undefined;
  readonly latest_version?: string | number | null | undefined;
}

/** A CSV seed; raw_code is empty, the file is read when it is loaded. */
export interface Seed extends Node {
  readonly resource_type: 'seed';
  /** Absolute path of the package's root. */
  readonly root_path: string;
}

/** A snapshot. */
export interface Snapshot extends Node {
  readonly resource_type: 'snapshot';
}

/** A data test: generic (from YAML) or singular (a SQL file). */
export interface DataTest extends Node {
  readonly resource_type: 'test';
  /** Set for generic tests: macro name, namespace and the arguments as they were written (Jinja inside). */
  readonly test_metadata?: {
    readonly name: string;
    readonly namespace: string | null;
    readonly kwargs: JsonObject;
  };
  /** The node that a generic test hangs on. */
  readonly attached_node?: ResourceId | null | undefined;
  readonly column_name?: string | null | undefined;
  readonly file_key_name?: string | null | undefined;
}

/** An analysis: compiled, never run. */
export interface Analysis extends Node {
  readonly resource_type: 'analysis';
}

/** An on-run-start or on-run-end hook of a project or package. */
export interface Operation extends Node {
  readonly resource_type: 'operation';
  readonly index: number;
}

/** The rows of a unit test's input or expectation: records (of YAML or CSV, where an empty field is null), or SQL that gives them. */
export interface UnitTestRows {
  readonly format: 'dict' | 'csv' | 'sql';
  readonly rows: readonly JsonObject[] | string;
  /** Name of the file under `fixtures/` that the rows are from. */
  readonly fixture: string | null;
}

/** An input of a unit test: `ref('x')`, `source('a', 'b')` or `this`, with its rows. */
export interface UnitTestInput extends UnitTestRows {
  readonly input: string;
}

/** What a unit test replaces beside relations. */
export interface UnitTestOverrides {
  /** What a macro returns, by name or `package.name`. */
  readonly macros: JsonObject;
  readonly vars: JsonObject;
  readonly env_vars: JsonObject;
}

/** dbt's unit test: the rows that a model gives for given rows of its inputs. */
export interface UnitTest {
  readonly unique_id: ResourceId;
  readonly resource_type: 'unit_test';
  readonly name: string;
  readonly package_name: string;
  readonly path: string;
  readonly original_file_path: string;
  readonly fqn: readonly string[];
  readonly model: string;
  readonly given: readonly UnitTestInput[];
  /** Ids of what the inputs name, side by side with `given`; `this` is the model's own. */
  readonly inputs: readonly ResourceId[];
  readonly expect: UnitTestRows;
  readonly overrides: UnitTestOverrides | null;
  readonly description: string;
  /** The model. */
  readonly depends_on: { readonly nodes: readonly ResourceId[]; readonly macros: readonly string[] };
  readonly config: {
    readonly tags: readonly string[];
    readonly meta: JsonObject;
    readonly enabled: boolean;
    /** `warn`: other rows than expected are a warning. */
    readonly severity?: 'error' | 'warn' | undefined;
  };
  /** Which versions of the model are tested, as written. */
  readonly versions: JsonObject | null;
  /** The version that this test is of. */
  readonly version: string | number | null;
  readonly schema: string;
  readonly checksum: string;
  readonly created_at: number;
  readonly line: number;
}

/** A freshness rule: `{count: 12, period: 'hour'}`. */
export interface FreshnessThreshold {
  readonly warn_after: { readonly count: number; readonly period: 'minute' | 'hour' | 'day' } | null;
  readonly error_after: { readonly count: number; readonly period: 'minute' | 'hour' | 'day' } | null;
  readonly filter: string | null;
}

/** How a source table is copied into staging (`extract:` in sources.yml). */
export interface ExtractConfig {
  readonly strategy: 'full' | 'incremental';
  /** How an increment is found: by transaction horizon (default) or by a cursor column. */
  readonly horizon: 'transaction' | 'cursor';
  /** A timestamp column by which `--start-date` selects rows and by which a `cursor` horizon reads. */
  readonly cursor: string | null;
  readonly key: readonly string[];
  /** Only these columns, or all but `exclude`. */
  readonly columns: readonly string[] | null;
  readonly exclude: readonly string[];
  readonly soft_delete: string | null;
  /** When keys are compared to find hard-deleted rows. */
  readonly reconcile: 'always' | 'full' | 'never';
  /** Schema and table at the source. */
  readonly from: { readonly schema: string; readonly table: string };
}

/** A table of a source. With `connection`, chemflow copies it; without, it is only referred to. */
export interface SourceTable {
  readonly unique_id: ResourceId;
  readonly resource_type: 'source';
  readonly source_name: string;
  readonly name: string;
  readonly package_name: string;
  readonly path: string;
  readonly original_file_path: string;
  readonly fqn: readonly string[];
  /** Where models read it: the staging table for a copied source. */
  readonly database: string;
  readonly schema: string;
  readonly identifier: string;
  readonly relation_name: string;
  readonly source_description: string;
  readonly description: string;
  readonly loader: string;
  readonly columns: Readonly<Record<string, ColumnProperties>>;
  readonly config: {
    readonly enabled: boolean;
    readonly tags: readonly string[];
    readonly meta: JsonObject;
    readonly [key: string]: unknown;
  };
  readonly tags: readonly string[];
  readonly meta: JsonObject;
  readonly source_meta: JsonObject;
  readonly freshness: FreshnessThreshold | null;
  readonly loaded_at_field: string | null;
  readonly loaded_at_query: string | null;
  readonly quoting: JsonObject;
  readonly patch_path: null;
  /** Name of the connection that it is copied through, or null. */
  readonly connection: string | null;
  /** SQL that a source's clock is read with; null: the server's `now()`. */
  readonly clock_query: string | null;
  readonly extract: ExtractConfig | null;
  readonly created_at: number;
  readonly line: number;
}

/** An exposure, kept for the graph and the artifact. */
export interface Exposure {
  readonly unique_id: ResourceId;
  readonly resource_type: 'exposure';
  readonly name: string;
  readonly package_name: string;
  readonly path: string;
  readonly original_file_path: string;
  readonly fqn: readonly string[];
  readonly label: string | null;
  readonly type: string;
  readonly owner: JsonObject;
  readonly description: string;
  readonly url: string | null;
  readonly maturity: string | null;
  readonly tags: readonly string[];
  readonly meta: JsonObject;
  readonly config: { readonly enabled: boolean; readonly [key: string]: unknown };
  readonly refs: readonly RefCall[];
  readonly sources: readonly (readonly [string, string])[];
  readonly depends_on: { readonly nodes: readonly ResourceId[]; readonly macros: readonly string[] };
  readonly created_at: number;
  readonly line: number;
}

/** A macro, materialization or generic test found in a macro file; compiled by jinja/ when it is first called. */
export interface Macro {
  /** `macro.<package>.<name>`; a generic test's name has the prefix `test_`, a materialization's is `materialization_<name>_<adapter>`. */
  readonly unique_id: string;
  readonly resource_type: 'macro';
  readonly name: string;
  readonly package_name: string;
  readonly path: string;
  readonly original_file_path: string;
  /** The whole block, `{% macro %}` to `{% endmacro %}`. */
  readonly macro_sql: string;
  readonly depends_on: { readonly macros: readonly string[] };
  readonly description: string;
  readonly meta: JsonObject;
  readonly arguments: readonly JsonObject[];
  readonly supported_languages: readonly string[] | null;
  /** Line of the file on which the block begins, and the character offset (from 0) of it. */
  readonly line: number;
  readonly offset: number;
  readonly created_at: number;
}

/** A `{% docs %}` block. */
export interface DocsBlock {
  readonly unique_id: string;
  readonly name: string;
  readonly package_name: string;
  readonly path: string;
  readonly original_file_path: string;
  readonly block_contents: string;
}

/** Nodes that have SQL or data of their own. */
export type ExecutableNode = Model | Seed | Snapshot | DataTest | Analysis | Operation;
/** Any resource, by `resource_type`. */
export type Resource = ExecutableNode | SourceTable | Exposure | UnitTest;
