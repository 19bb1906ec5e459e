import type { QueryResult, Session } from './adapter.js';
import type { Json, JsonObject } from './json.js';
import type { CompiledResource } from './manifest.js';
import type { Relation } from './relation.js';
import type { ResourceId, UnitTest } from './resource.js';

/** A macro's argument or result on its way between threads: JSON, a relation, or a list or dict of them. */
export type MacroValue =
  Json | { readonly $relation: Relation } | readonly MacroValue[] | { readonly [key: string]: MacroValue };

/** Runs a statement for a template that waits for it. */
export type TemplateQuery = (request: { readonly sql: string; readonly fetch: boolean }) => Promise<QueryResult>;

/** What a relation is replaced by while a unit test's model is rendered: a CTE with these rows, or this SQL. */
export interface UnitTestFixture {
  /** The model itself stands for `this`. */
  readonly id: ResourceId;
  /** Name of the CTE. */
  readonly name: string;
  readonly rows: readonly JsonObject[] | string;
  /** Type of each column, in the relation's order. */
  readonly types: Readonly<Record<string, string>>;
}

/** What a materialization asks of the template side while it builds one node: everything is rendered in a worker with that node's context. */
export interface NodeRenderer {
  /** Renders the node's SQL (with ephemeral parents as CTEs) and its hooks' text is left for renderHook. */
  compile(id: ResourceId): Promise<CompiledResource>;
  /**
   * Renders nodes' SQL while no other work waits, so that {@link compile} then has it at once. A template that asks the database anything is given up, and
   * rendered when compile() is called: only then is what it may ask about as it will be.
   */
  compileAhead(ids: readonly ResourceId[]): void;
  /** Renders a unit test's model over its fixtures: ephemeral parents without one are CTEs that read them in turn. */
  compileUnitTest(test: UnitTest, fixtures: readonly UnitTestFixture[]): Promise<string>;
  /** Calls a macro, dispatched as a project would (`get_create_table_as_sql`), with the node's context; resolves to what it rendered or returned. */
  callMacro(
    id: ResourceId,
    name: string,
    args?: readonly MacroValue[],
    keywords?: Readonly<Record<string, MacroValue>>,
  ): Promise<MacroValue>;
  /** Statements that this node's templates run go to this session from now on (undefined: to one of the renderer's own, kept for one call). */
  useSession(id: ResourceId, session: Session | undefined): void;
  /** Is there a definition of this macro outside chemflow's own builtins? */
  isOverridden(name: string): boolean;
  /** Renders a text (a hook, an inline query) with the node's context; `variables` are further names in it (`results` of on-run-end). */
  renderText(id: ResourceId, text: string, variables?: Readonly<Record<string, MacroValue>>): Promise<string>;
  /** Begins to render a text of a node that has been compiled, if its template asks the database nothing, so that renderText() has it by then. */
  renderTextAhead(id: ResourceId, text: string): void;
  /** Runs a materialization that a project defines in Jinja; resolves to the relations it returned. */
  runMaterialization(id: ResourceId, macroId: string): Promise<readonly Relation[]>;
  close(): Promise<void>;
}
