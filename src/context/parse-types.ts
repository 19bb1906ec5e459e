import type {
  EventSink,
  Invocation,
  Json,
  JsonObject,
  Macro,
  Project,
  RefCall,
  ResourceType,
  Target,
} from '../types/index.js';
import type { ParseReads } from './parse-reads.js';

/** What is known of a resource when its template is parsed: before its configuration is complete. */
export interface ParseNode {
  readonly unique_id: string;
  readonly resource_type: ResourceType;
  readonly name: string;
  readonly package_name: string;
  /** Path relative to its resource folder. */
  readonly path: string;
  /** Path relative to its package's root. */
  readonly original_file_path: string;
  readonly fqn: readonly string[];
  readonly database: string;
  readonly schema: string;
  readonly alias: string;
  /** Line of the file where the text begins; 1 for a file that is one resource. */
  readonly line: number;
  /** The whole file, for the excerpt of an error. */
  readonly fileText?: string | undefined;
  /** The file as shown in errors; by default `original_file_path` under the package's folder. */
  readonly shownFile?: string | undefined;
  /** Configuration as known so far (folders and YAML); `config.get` answers from it only at run time, as in dbt. */
  readonly config: JsonObject;
  /** Further names in the template's scope. */
  readonly variables?: JsonObject | undefined;
  /** A generic test: its macro is called instead of rendering the text, with these arguments (Jinja strings in them are rendered). */
  readonly test_metadata?:
    { readonly name: string; readonly namespace: string | null; readonly kwargs: JsonObject } | undefined;
  readonly column_name?: string | null | undefined;
  /** The tested resource of a generic test, as the argument of ref() or source(); unnecessary where `kwargs.model` is given as dbt gives it. */
  readonly testedRelation?: { readonly ref: RefCall } | { readonly source: readonly [string, string] } | undefined;
}

/** What a template told when it was rendered with `execute` false. */
export interface ParseOutcome {
  /** Calls of ref(), each once, in the order of their first call. */
  readonly refs: readonly RefCall[];
  readonly sources: readonly (readonly [string, string])[];
  /** The config() calls merged as dbt merges them: `pre-hook`, `post-hook` and `tags` are lists, `meta` and `grants` objects. */
  readonly config: JsonObject;
  /** Unique ids of the macros that the template itself calls. */
  readonly macros: readonly string[];
}

/** Renders templates of a project in the parse phase and answers for its macros. */
export interface TemplateEngine {
  /** Renders a resource's text with `execute` false; throws a ChemflowError with its place for a template that is wrong. */
  parseNode(node: ParseNode, text: string): ParseOutcome;
  /** Calls generate_database_name, generate_schema_name or generate_alias_name as the project overrides it. */
  generateName(kind: 'database' | 'schema' | 'alias', custom: string | null, node: ParseNode): string;
  /** A macro by name: in a package, or (null) as a template of `fromPackage` would find it. */
  findMacro(name: string, packageName: string | null, fromPackage: string): Macro | undefined;
  /** Unique ids of the macros that a macro calls, for its `depends_on`. */
  macroDependencies(macro: Macro): readonly string[];
  /** The macros that chemflow itself brings (packages `dbt` and `dbt_postgres`). */
  readonly builtinMacros: Readonly<Record<string, Macro>>;
}

/** What an engine is made of; `macros` are the project's and its packages', the builtins are added. */
export interface TemplateEngineOptions {
  readonly project: Project;
  readonly invocation: Invocation;
  readonly macros: Readonly<Record<string, Macro>>;
  /** Files by path as shown, for the excerpts of errors in macros. */
  readonly files?: Readonly<Record<string, string>> | undefined;
  /** Notes what templates read beside files. */
  readonly reads?: ParseReads | undefined;
  /** Receives what templates log() and warn() while they are parsed. */
  readonly sink?: EventSink | undefined;
}

/** What YAML strings of a file may use: `target` and `vars` only where they are known already. */
export interface YamlRendererOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cliVars: JsonObject;
  readonly target?: Target | undefined;
  /** Variables beside those of the command line (`vars:` of the project). */
  readonly vars?: JsonObject | undefined;
  /** May env_var() read `DBT_ENV_SECRET_*`? */
  readonly allowSecrets?: boolean | undefined;
  /** Notes what the strings read beside files. */
  readonly reads?: ParseReads | undefined;
  /** Text of the file, for the excerpt of an error; a string's place is found by its path. */
  readonly fileText?: string | undefined;
}

/** Where a YAML value stands: its file, and the keys that lead to it. */
export interface YamlPlace {
  readonly file: string;
  readonly path: readonly (string | number)[];
  readonly line?: number | undefined;
}

/** Renders every string of a YAML value; a string that is one expression keeps its type (`"{{ 1 + 1 }}"` is the number 2). */
export interface YamlRenderer {
  render(value: Json, place: YamlPlace): Json;
}
