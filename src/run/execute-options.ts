import type { Graph } from '../graph/index.js';
import type { MacroTextsFor } from '../materializations/index.js';
import type {
  Adapter,
  Capabilities,
  DataTest,
  EventSink,
  ExecutableNode,
  Invocation,
  Manifest,
  NodeRenderer,
  Project,
  RelationCache,
  ResourceId,
  RunResult,
  State,
  UnitTest,
} from '../types/index.js';
import type { UnitTestRunner } from '../unit-tests/index.js';
import type { Publishing } from './publish/publishing.js';

/** What {@link executeNodes} is told. */
export interface ExecuteOptions {
  readonly project: Project;
  readonly manifest: Manifest;
  readonly graph: Graph;
  /** Models, seeds, snapshots, tests and unit tests in any mixture; other ids are passed over. */
  readonly ids: readonly ResourceId[];
  readonly adapter: Adapter;
  readonly cache: RelationCache;
  readonly renderer: NodeRenderer;
  readonly state: State;
  readonly invocation: Invocation;
  /** Sessions that build at once. */
  readonly threads: number;
  /** After the first failure nothing new is begun, and what is under way is cancelled. */
  readonly failFast: boolean;
  readonly sink: EventSink;
  readonly signal: AbortSignal;
  /** Resources outside the run that what depends on them must not be built without, with the reason. */
  readonly unavailable: ReadonlyMap<ResourceId, string>;
  /** Told a node's compiled SQL. */
  readonly onCompiled?: ((node: ExecutableNode | UnitTest, sql: string) => void) | undefined;
  /** Asked before a node is built with this SQL; a rejection is the node's failure. */
  readonly beforeBuild?: ((node: ExecutableNode, sql: string) => Promise<void>) | undefined;
  /** Asked before hooks and operations are sent; a rejection is their failure. */
  readonly beforeStatements?:
    | ((sent: { readonly node: ExecutableNode; readonly what: string; readonly sql: string }) => Promise<void>)
    | undefined;
  /** Why a test's failing rows may not be kept; undefined where they may. */
  readonly whyNotStored?: ((test: DataTest, sql: string) => Promise<string | undefined>) | undefined;
  /** Told what was sent to the server for a node, as a script. */
  readonly onExecuted?: ((node: ExecutableNode | UnitTest, sql: string) => void) | undefined;
}

/** What the nodes of one run share. */
export interface RunContext extends ExecuteOptions {
  readonly capabilities: Capabilities;
  readonly texts: MacroTextsFor;
  readonly publishing: Publishing;
  readonly unitTests: UnitTestRunner;
  /** Aborts for the user's interruption and for --fail-fast alike. */
  readonly stopped: () => boolean;
  /** Results that are in the database already, written with their data. */
  readonly recorded: Set<RunResult>;
}
