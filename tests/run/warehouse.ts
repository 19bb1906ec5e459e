import { createAdapter, createRelationCache } from '../../src/adapter/index.js';
import { createNodeRenderer } from '../../src/compile/index.js';
import { buildGraph } from '../../src/graph/index.js';
import { executeNodes } from '../../src/run/index.js';
import { openState } from '../../src/state/index.js';
import type {
  Adapter,
  ExecutableNode,
  InvocationFlags,
  Macro,
  NodeConfig,
  RunEvent,
  RunResult,
} from '../../src/types/index.js';
import { makeConfig, makeInvocation, makeManifest, makeModel, makeProject } from '../context/make-project.js';
import { createTestDatabase, queryOnce } from '../support/database.js';

/** A node in the words of a test. */
export interface NodeText {
  readonly sql: string;
  readonly config?: object;
  /** Names of the nodes that it reads. */
  readonly reads?: readonly string[];
  readonly kind?: 'model' | 'seed' | 'snapshot' | 'test';
  readonly more?: object;
}

/** What a run of a test may change. */
export interface RunChange {
  readonly select?: readonly string[];
  readonly flags?: Partial<InvocationFlags>;
  readonly threads?: number;
  readonly failFast?: boolean;
  readonly signal?: AbortSignal;
  readonly macros?: Readonly<Record<string, Macro>>;
  readonly unavailable?: ReadonlyMap<string, string>;
  readonly kind?: 'chemflow' | 'dbt';
  /** Another user's connection. */
  readonly adapter?: Adapter;
  /** Rows a batch (ETL_BATCH_SIZE). */
  readonly batchSize?: number;
}

/** A database of the test's own with a schema `analytics`, and runs of nodes in it. */
export interface Warehouse {
  readonly adapter: Adapter;
  readonly events: RunEvent[];
  readonly scripts: Map<string, string>;
  /** Runs the nodes (or those of `select`) with everything real: renderer, state, publisher. Results by name. */
  run(nodes: Readonly<Record<string, NodeText>>, change?: RunChange): Promise<Record<string, RunResult>>;
  /** One statement in a session of its own. */
  query(sql: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

const kindOf = (text: NodeText): NonNullable<NodeText['kind']> => text.kind ?? 'model';

/** Opens a warehouse for one test file. */
export async function openWarehouse(): Promise<Warehouse> {
  const database = await createTestDatabase();
  const own = createAdapter(database.settings, { poolSize: 4 });
  const state = await openState(own);
  const events: RunEvent[] = [];
  const scripts = new Map<string, string>();
  const { database: databaseName } = database.settings;
  let count = 0;

  const nodeOf = (name: string, text: NodeText, all: Readonly<Record<string, NodeText>>): ExecutableNode => {
    const kind = kindOf(text);
    const id = `${kind}.shop.${name}`;
    const parents = (text.reads ?? []).map((parent) => `${kindOf(all[parent] ?? text)}.shop.${parent}`);
    const config = { materialized: kind === 'model' ? 'view' : kind, ...text.config } as unknown as NodeConfig;
    return {
      ...makeModel(name, text.sql, { config }),
      unique_id: id,
      resource_type: kind,
      database: databaseName,
      relation_name: `"${databaseName}"."analytics"."${name}"`,
      refs: (text.reads ?? []).map((parent) => ({ name: parent, package: null, version: null })),
      depends_on: { nodes: parents, macros: [] },
      ...text.more,
    } as ExecutableNode;
  };

  return {
    adapter: own,
    events,
    scripts,
    run: async (nodes, change = {}) => {
      count += 1;
      const adapter = change.adapter ?? own;
      const manifest = makeManifest(
        Object.entries(nodes).map(([name, text]) => nodeOf(name, text, nodes)),
        { macros: change.macros ?? {} },
      );
      const base = makeProject();
      const project = {
        ...base,
        root: makeConfig('shop', { kind: change.kind ?? 'chemflow', root: '/project' }),
        target: { ...base.target, connection: database.settings },
        batchSize: change.batchSize ?? base.batchSize,
      };
      const invocation = {
        ...makeInvocation(change.flags),
        id: `00000000-0000-0000-0000-${String(count).padStart(12, '0')}`,
      };
      const ids = (change.select ?? Object.keys(nodes)).map((name) => {
        const text = nodes[name];
        if (text === undefined) throw new Error(`no node ${name}`);
        return `${kindOf(text)}.shop.${name}`;
      });
      const cache = createRelationCache(adapter);
      const sink = (event: RunEvent): void => void events.push(event);
      const renderer = createNodeRenderer({
        project,
        manifest,
        invocation,
        adapter,
        cache,
        workers: 2,
        sink,
        selected: ids,
      });
      await state.startRun({
        id: invocation.id,
        command: 'run',
        target: 'dev',
        startedAt: new Date(),
        chemflowVersion: '0.0.0',
      });
      try {
        const results = await executeNodes({
          project,
          manifest,
          graph: buildGraph(manifest),
          ids,
          adapter,
          cache,
          renderer,
          state,
          invocation,
          threads: change.threads ?? 2,
          failFast: change.failFast ?? false,
          sink,
          signal: change.signal ?? new AbortController().signal,
          unavailable: change.unavailable ?? new Map(),
          onExecuted: (node, sql) => scripts.set(node.name, sql),
        });
        return Object.fromEntries(results.map((result) => [result.id.split('.').at(-1) ?? '', result]));
      } finally {
        await renderer.close();
      }
    },
    query: (sql) => queryOnce(database.settings, sql),
    close: async () => {
      await state.close();
      await own.close();
      await database.drop();
    },
  };
}
