import type {
  Capabilities,
  CatalogRelation,
  Column,
  ExecutableNode,
  JsonObject,
  NodeRenderer,
  Project,
  Relation,
  RelationCache,
  RelationType,
  RunResult,
  Session,
} from '../types/index.js';
import type { MacroTexts } from './macro-texts.js';

/** How something was put in its place. */
export type Publication = NonNullable<RunResult['publication']>;

/** An index as configured, with the name that it has (or will have) on the published relation. */
export interface NamedIndex {
  readonly name: string;
  /** What `get_create_index_sql` is told: columns, expressions, unique, type, where, include. */
  readonly definition: JsonObject;
}

/** What is published: a finished relation under its build name, to take the place of `target`. */
export interface PublishRequest {
  readonly target: Relation;
  readonly build: Relation;
  readonly buildType: RelationType;
  /** The indexes that the published relation is to have; on the build they have {@link buildIndexName}'s names. */
  readonly indexes: readonly NamedIndex[];
  /** The statement that makes an index of `relation` under a name. */
  readonly indexText: (relation: Relation, definition: JsonObject, name: string) => Promise<string>;
}

/** Puts what was built in its place; run/publish implements it. */
export interface Publisher {
  /** Throws RUN.DEPENDENTS where relations that this run does not rebuild could not live on with these columns. Nothing has been built yet. */
  check(target: Relation, newType: RelationType, describeColumns: () => Promise<readonly Column[]>): Promise<void>;
  publish(request: PublishRequest): Promise<Publication>;
  /** Runs `work` in the short transaction that ends a node which changes its relation where it stands; afterwards the relation's state row is in it. */
  inTransaction<T>(work: () => Promise<T>): Promise<T>;
  /** Sends one statement that replaces the relation by itself (CREATE OR REPLACE VIEW), in one round trip where nothing else has to go with it. */
  statement(sql: string): Promise<StatementOutcome>;
}

/** What a materialization is given to build one node. */
export interface BuildContext {
  readonly node: ExecutableNode;
  readonly project: Project;
  readonly relation: Relation;
  /** What has the relation's name now. */
  readonly existing: CatalogRelation | undefined;
  /** Compiled SQL. */
  readonly sql: string;
  readonly session: Session;
  readonly capabilities: Capabilities;
  readonly renderer: NodeRenderer;
  readonly texts: MacroTexts;
  readonly cache: RelationCache;
  readonly publisher: Publisher;
  /** `--full-refresh`, unless the node's own `full_refresh` says otherwise. */
  readonly fullRefresh: boolean;
  /** Sends statements that belong to the node; they are kept for target/run, but not what goes before them. Resolves to the last one's tag. */
  run(sql: string, before?: string): Promise<StatementOutcome>;
  /** Keeps a text for target/run without sending it. */
  note(sql: string): void;
  /** `--empty`: only the shape is wanted. */
  readonly isEmpty: boolean;
  /** Warns the user about this node. */
  warn(code: string, text: string): void;
  /** Asked before a hook is sent; a rejection is the node's failure. */
  beforeHook(sql: string, when: 'pre-hook' | 'post-hook'): Promise<void>;
  /** Tells how the build ended before its transaction commits, so that the state row in it can say so. */
  outcome(outcome: BuildOutcome): void;
}

/** What a statement said when it was done. */
export interface StatementOutcome {
  readonly command: string;
  readonly rowCount: number;
}

/** What came of building one node. */
export interface BuildOutcome {
  /** dbt's words: `SELECT 12`, `CREATE VIEW`, `INSERT 0 5`. */
  readonly message: string;
  readonly rowsAffected: number | null;
  readonly code: string;
  readonly publication?: Publication | undefined;
  /** Relations made or replaced, as the cache is to know them; the node's own one where left out. */
  readonly type: RelationType;
}

/** Builds one node's relation. */
export type Materialization = (context: BuildContext) => Promise<BuildOutcome>;
