import { capabilitiesOf } from '../adapter/index.js';
import { storesFailuresAs } from '../data-tests/index.js';
import { createMacroTexts, relationOf } from '../materializations/index.js';
import type {
  DataTest,
  ExecutableNode,
  ResourceId,
  RunResult,
  Session,
  SessionOptions,
  UnitTest,
} from '../types/index.js';
import { createUnitTestRunner } from '../unit-tests/index.js';
import { quoteIdentifier } from '../util/sql-text.js';
import { clearLeftovers, dropNodeBuild, settle } from './clean-up.js';
import type { ExecuteOptions, RunContext } from './execute-options.js';
import { createPublishing } from './publish/publishing.js';
import { dropRetired } from './publish/settle.js';
import { createResultLog } from './result-log.js';
import { failedResult } from './failed-result.js';
import { resultOf } from './result-of.js';
import { buildNode, createScript } from './run-node.js';
import { runOperations } from './run-operations.js';
import { runSchedule } from './schedule.js';
import { locateSqlError } from './sql-place.js';
import { testNode } from './test-node.js';
import { attemptUnitTest } from './unit-test-node.js';

const runnable = new Set(['model', 'seed', 'snapshot', 'test']);
const failed = new Set(['error', 'fail', 'skipped', 'runtime error']);

function isRunnable(node: ExecutableNode | undefined): node is ExecutableNode {
  return node !== undefined && runnable.has(node.resource_type) && node.config.materialized !== 'ephemeral';
}

/** Name of the session that looks after a run. */
export const controlSession = 'chemflow control';

/**
 * The session of a thread, for Adapter.open(). Its commits do not wait for the disk: they reach it in their order, and all of them before the run is noted
 * as ended, by a commit that does wait. A server that loses power in the midst of a run has the relations as they were or as they were to be.
 */
export function threadSession(thread: number): readonly [string, SessionOptions] {
  return [`chemflow thread ${thread}`, { settings: { synchronous_commit: 'off' } }];
}

/** The words for a node in progress lines: `table core.unified_users`, `test unique_users_id`. */
function labelOf(node: ExecutableNode | UnitTest): string {
  if (node.resource_type === 'test') return `test ${node.name}`;
  if (node.resource_type === 'unit_test') return `unit test ${node.model}::${node.name}`;
  const kind = node.resource_type === 'model' ? node.config.materialized.replace('_', ' ') : node.resource_type;
  return `${kind} ${node.schema}.${node.alias}`;
}

async function createSchemas(run: RunContext, session: Session, nodes: readonly ExecutableNode[]): Promise<string[]> {
  const { database } = run.project.target.connection;
  const flag = run.invocation.flags.storeFailures;
  const stored = nodes.filter(
    (node) => node.resource_type !== 'test' || storesFailuresAs(node as DataTest, flag) !== undefined,
  );
  const schemas = [...new Set(stored.map((node) => relationOf(node).schema))];
  await run.cache.load(schemas.map((schema) => ({ database, schema })));
  const missing = schemas.filter((schema) => !run.cache.hasSchema(schema));
  if (missing.length > 0) {
    await session.query(missing.map((schema) => `create schema if not exists ${quoteIdentifier(schema)}`).join(';\n'));
  }
  return schemas;
}

/** Why ids cannot be run at all: something outside of the run that they stand on is not available. */
function blockedBy(run: ExecuteOptions): Map<ResourceId, string> {
  const blocked = new Map<ResourceId, string>();
  for (const [id, reason] of run.unavailable) {
    for (const descendant of run.graph.has(id) ? run.graph.descendants(id) : []) {
      if (!blocked.has(descendant)) blocked.set(descendant, `Skipping because ${id} is not available: ${reason}`);
    }
  }
  return blocked;
}

/**
 * Builds and tests nodes in dependency order on `threads` sessions. A failure skips what depends on it and nothing else; an interruption cancels what runs
 * on the server, and every relation is then as it was or as it was to be. Never throws for a node's failure: that is a result.
 */
export async function executeNodes(options: ExecuteOptions): Promise<RunResult[]> {
  const { manifest, graph, adapter, sink, signal } = options;
  const nodes = options.ids.map((id) => manifest.nodes[id]).filter(isRunnable);
  const unitTests = options.ids.flatMap((id) => manifest.unitTests[id] ?? []);
  const unfinished = new Map(
    nodes
      .filter((node) => node.resource_type !== 'test')
      .map((node) => {
        const { schema, identifier } = relationOf(node);
        return [`${schema}.${identifier}`, node.unique_id] as const;
      }),
  );
  let isStopping = false;
  const control = await adapter.open(controlSession, { bookkeeping: true });
  const stopped = (): boolean => signal.aborted || isStopping;
  const run: RunContext = {
    ...options,
    capabilities: capabilitiesOf(control.serverVersion),
    texts: createMacroTexts(options.renderer),
    publishing: createPublishing({
      cache: options.cache,
      sink,
      isPending: ({ schema, name }) => unfinished.has(`${schema}.${name}`),
      stopped,
      targets: nodes.filter((node) => node.resource_type !== 'test').map(relationOf),
    }),
    unitTests: createUnitTestRunner({ manifest, renderer: options.renderer }),
    stopped,
    recorded: new Set(),
  };
  const sessions = new Map<number, Session>();
  const opening = new Map<number, Promise<Session>>();
  const cancelAll = (): void => {
    for (const session of sessions.values()) session.cancel().catch(() => undefined);
  };
  signal.addEventListener('abort', cancelAll);
  const sessionOf = (thread: number): Promise<Session> => {
    let session = opening.get(thread);
    if (session === undefined) {
      session = adapter.open(...threadSession(thread)).then(
        (open) => {
          sessions.set(thread, open);
          return open;
        },
        (error: unknown) => {
          opening.delete(thread);
          throw error;
        },
      );
      opening.set(thread, session);
    }
    return session;
  };
  const log = createResultLog(run);
  const results = new Map<ResourceId, RunResult>();
  try {
    // It connects while the catalog is read.
    if (nodes.length + unitTests.length > 0) void sessionOf(1).catch(() => undefined);
    const schemas = await createSchemas(run, control, nodes);
    // What the first build asks for, while the first template is rendered.
    if (nodes.some((node) => node.resource_type !== 'test' && run.cache.get(relationOf(node)) !== undefined))
      void sessionOf(1)
        .then((session) => run.publishing.dependents(session))
        .catch(() => undefined);
    await clearLeftovers(run, control, schemas);
    await settle(run, control);
    const operations = await runOperations(run, control, 'on-run-start', []);
    if (operations.some((result) => result.status === 'error')) return operations;

    const chosen = new Map([...nodes, ...unitTests].map((node) => [node.unique_id, node]));
    const ids = options.ids.filter((id) => chosen.has(id));
    const blocked = blockedBy(options);
    const dependencies = graph.dependenciesAmong(ids, {
      testsGate: nodes.some((node) => node.resource_type !== 'test'),
    });
    let begun = 0;
    const runOne = async (id: ResourceId, thread: number): Promise<void> => {
      const node = chosen.get(id);
      if (node === undefined) return;
      begun += 1;
      // The thread that renders is idle while the server works, and asked for it once the server has got something to do.
      ahead.delete(id);
      setImmediate(() => {
        options.renderer.compileAhead([...ahead].slice(0, options.threads + 1));
      });
      const place = { id, label: labelOf(node), index: begun, total: ids.length };
      const startedAt = new Date();
      const item = node.resource_type === 'unit_test' ? { unique_id: id, relation_name: null } : node;
      const skip = (message: string): RunResult =>
        resultOf(
          { node: item, startedAt, compiledAt: null, compiledCode: null, thread },
          { status: 'skipped', message },
        );
      const culprit = [...(dependencies.get(id) ?? [])]
        .map((parent) => results.get(parent))
        .find((result) => result !== undefined && failed.has(result.status));
      let result: RunResult;
      if (run.stopped()) {
        result = skip(signal.aborted ? 'Skipping because the run was interrupted' : 'Skipping because of --fail-fast');
      } else if (blocked.has(id)) {
        result = skip(blocked.get(id) ?? '');
      } else if (culprit !== undefined) {
        result = skip(`Skipping due to fail in ${rootCause(culprit, results, dependencies)}`);
      } else {
        sink({ kind: 'node-start', ...place });
        result =
          node.resource_type === 'unit_test'
            ? await attemptUnitTest(run, node, thread, startedAt, sessionOf)
            : await attempt(run, node, thread, startedAt, sessionOf, control);
      }
      if (node.resource_type !== 'unit_test')
        unfinished.delete(`${relationOf(node).schema}.${relationOf(node).identifier}`);
      results.set(id, result);
      log.add(result);
      sink({ kind: 'node-end', ...place, result });
      if (options.failFast && (result.status === 'error' || result.status === 'fail') && !isStopping) {
        isStopping = true;
        cancelAll();
      }
    };
    const priorities = graph.longestPath(ids);
    const ahead = new Set(
      ids
        .filter((id) => manifest.nodes[id] !== undefined && manifest.nodes[id].resource_type !== 'seed')
        .sort((left, right) => (priorities.get(right) ?? 0) - (priorities.get(left) ?? 0)),
    );
    for (const test of unitTests) priorities.set(test.unique_id, priorities.get(test.depends_on.nodes[0] ?? '') ?? 1);
    await runSchedule({ ids, dependencies, priorities, threads: options.threads }, runOne);
    await log.flush();
    await settle(run, control);
    const all = ids.flatMap((id) => results.get(id) ?? []);
    const ends = signal.aborted ? [] : await runOperations(run, control, 'on-run-end', all);
    return [...operations, ...all, ...ends];
  } finally {
    signal.removeEventListener('abort', cancelAll);
    await Promise.allSettled(opening.values());
    // Nobody has to wait until the server has ended them; closing the adapter does.
    void Promise.allSettled([...sessions.values(), control].map((session) => session.close()));
  }
}

/** The failed node at the beginning of a chain of skipped ones. */
function rootCause(
  culprit: RunResult,
  results: ReadonlyMap<ResourceId, RunResult>,
  dependencies: ReadonlyMap<ResourceId, ReadonlySet<ResourceId>>,
): ResourceId {
  let cause = culprit;
  while (cause.status === 'skipped') {
    const before = [...(dependencies.get(cause.id) ?? [])]
      .map((id) => results.get(id))
      .find((result) => result !== undefined && failed.has(result.status));
    if (before === undefined) break;
    cause = before;
  }
  return cause.id;
}

/** Compiles and runs one node; its failure is its result. */
async function attempt(
  run: RunContext,
  node: ExecutableNode,
  thread: number,
  startedAt: Date,
  sessionOf: (thread: number) => Promise<Session>,
  control: Session,
): Promise<RunResult> {
  let compiledAt: Date | null = null;
  let compiledCode: string | null = null;
  const beginning = (): Parameters<typeof resultOf>[0] => ({ node, startedAt, compiledAt, compiledCode, thread });
  let script: ReturnType<typeof createScript> | undefined;
  try {
    const session = await sessionOf(thread);
    const compiled = node.resource_type === 'seed' ? undefined : await run.renderer.compile(node.unique_id);
    compiledAt = new Date();
    compiledCode = compiled?.sql ?? null;
    if (compiled !== undefined) run.onCompiled?.(node, compiled.sql);
    script = createScript(session, run.stopped);
    if (node.resource_type === 'test')
      return await testNode(run, node, compiled?.sql ?? '', session, script, beginning());
    await run.beforeBuild?.(node, compiledCode ?? '');
    const result = await buildNode(run, node, compiled, session, script, beginning());
    await dropRetired(run.publishing, session, relationOf(node), script.note);
    return result;
  } catch (caught) {
    const error = locateSqlError(
      caught,
      node,
      compiledCode ?? undefined,
      run.manifest,
      `target/compiled/${node.package_name}/${node.original_file_path}`,
    );
    if (node.resource_type !== 'test') await dropNodeBuild(control, node).catch(() => undefined);
    return failedResult(run, beginning(), error);
  } finally {
    if (script !== undefined) run.onExecuted?.(node, script.text());
  }
}
