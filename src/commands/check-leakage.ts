import { createRelationCache } from '../adapter/index.js';
import { createNodeRenderer } from '../compile/index.js';
import { ChemflowError } from '../error/index.js';
import { timezoneOf } from '../extract/index.js';
import {
  checkLeakage,
  declaresFeatures,
  leakMessages,
  readDeclaration,
  type CheckOptions,
  type Declaration,
  type LeakageOutcome,
} from '../leakage/index.js';
import { executeNodes } from '../run/index.js';
import type {
  DataTest,
  EventSink,
  ExecutableNode,
  NodeRenderer,
  RelationCache,
  ResourceId,
  RunResult,
  State,
} from '../types/index.js';
import type { CommandContext, ExitCode } from './command.js';
import { recordRun } from './pipeline.js';
import type { Prepared } from './prepare.js';
import { throwIfInterrupted, type Warehouse } from './warehouse.js';

/** The models among the resources that declare features; throws LEAKAGE.NO_META where none does. */
function declarationsOf({ manifest }: Prepared, ids: readonly ResourceId[]): readonly Declaration[] {
  const models = ids
    .map((id) => manifest.nodes[id])
    .filter((node): node is ExecutableNode => node?.resource_type === 'model');
  const declared = models.filter(declaresFeatures);
  if (declared.length > 0) return declared.map((node) => readDeclaration(manifest, node));
  const names = models.map((node) => node.name);
  throw new ChemflowError({
    code: 'LEAKAGE.NO_META',
    message:
      names.length === 0
        ? 'No model was selected to be checked.'
        : `${names.length > 5 ? `None of the ${names.length} selected models` : names.join(', ')} says nothing of features in its meta.`,
    hint: 'write meta: {entity: [user_id], observed_at: observed_at, features: [...], labels: [...]} at the model',
  });
}

const testId = (node: ExecutableNode): ResourceId => `test.${node.package_name}.leakage_${node.name}`;

/** The check of a model as a data test of the manifest, so that it is told like one. */
function testOf({ node }: Declaration): DataTest {
  const name = `leakage_${node.name}`;
  return {
    ...node,
    resource_type: 'test',
    unique_id: testId(node),
    name,
    alias: name,
    fqn: [...node.fqn.slice(0, -1), name],
    relation_name: null,
    raw_code: '',
    columns: {},
    refs: [{ name: node.name, package: null, version: null }],
    sources: [],
    depends_on: { nodes: [node.unique_id], macros: [] },
    attached_node: node.unique_id,
  };
}

function resultOf(outcome: LeakageOutcome, startedAt: Date): RunResult {
  const messages = leakMessages(outcome);
  const { error, declaration, cuts, rows, leaks, labelsDiffer } = outcome;
  const checked = `${rows} rows, ${declaration.features.length} features, ${cuts} cut${cuts === 1 ? '' : 's'}`;
  const isBlind = declaration.labels.length > 0 && !labelsDiffer;
  const end =
    error !== undefined
      ? { status: 'error' as const, message: error instanceof Error ? error.message : String(error), failures: null }
      : leaks.length > 0
        ? { status: 'fail' as const, message: messages.join('\n  '), failures: leaks.length }
        : rows === 0
          ? { status: 'warn' as const, message: 'There is no row to check.', failures: 0 }
          : isBlind
            ? {
                status: 'warn' as const,
                message: `No label changed with what came later, so that a leak would not have shown either (${checked}).`,
                failures: 0,
              }
            : { status: 'pass' as const, message: null, failures: 0 };
  return {
    id: testId(declaration.node),
    ...end,
    rowsAffected: null,
    startedAt,
    compiledAt: null,
    endedAt: new Date(),
    threadId: 'Thread-1',
    adapterResponse: { _message: checked, cuts, features: [...declaration.features] },
    relationName: null,
    compiledCode: null,
    ...(error === undefined ? {} : { error }),
  };
}

/** Builds in the scratch schemas with the ordinary run; nothing of it is told or noted, since it is no part of the warehouse. */
function scratchBuilder(
  connected: Prepared,
  warehouse: Warehouse,
  context: CommandContext,
): Pick<CheckOptions, 'build'> & { readonly close: () => Promise<void> } {
  const { project, graph, invocation } = connected;
  const { adapter, signal } = warehouse;
  const state: State = {
    ...warehouse.state,
    recordResults: () => Promise.resolve(),
    resultsStatement: () => undefined,
  };
  const sink: EventSink = (event) => {
    if (event.kind === 'message' && event.level === 'debug') context.terminal.sink(event);
  };
  let cache = createRelationCache(adapter);
  // The workers outlive the worlds, and what they know of relations does not.
  const present: RelationCache = {
    load: (schemas) => cache.load(schemas),
    get: (relation) => cache.get(relation),
    list: (schema) => cache.list(schema),
    hasSchema: (schema) => cache.hasSchema(schema),
    add: (relation) => {
      cache.add(relation);
    },
    remove: (relation) => {
      cache.remove(relation);
    },
    columns: (relation) => cache.columns(relation),
  };
  const threads = project.target.threads;
  const shared = { project, invocation, adapter, cache: present, sink };
  let renderer: NodeRenderer | undefined;
  return {
    build: (manifest, ids) => {
      cache = createRelationCache(adapter);
      renderer ??= createNodeRenderer({ ...shared, manifest, workers: threads, selected: ids });
      const run = { ...shared, manifest, graph, ids, renderer, state, threads, signal };
      return executeNodes({ ...run, failFast: false, unavailable: new Map() });
    },
    close: async () => {
      await renderer?.close();
    },
  };
}

/** Checks the models among the resources for features that know something later, and tells each as a data test. */
export async function runLeakageCheck(
  prepared: Prepared,
  request: { readonly ids: readonly ResourceId[]; readonly cuts: number; readonly failFast: boolean },
  context: CommandContext,
): Promise<ExitCode> {
  if (!(Number.isInteger(request.cuts) && request.cuts > 0))
    throw new ChemflowError({ code: 'CLI.USAGE', message: '--cuts must be a whole number of at least 1.' });
  const declarations = declarationsOf(prepared, request.ids);
  return recordRun(prepared, true, context, async (connected, warehouse) => {
    const { sink } = context.terminal;
    const startedAt = new Date();
    const place = ({ node }: Declaration, index: number) => ({
      id: testId(node),
      label: `leakage of ${node.schema}.${node.name}`,
      index: index + 1,
      total: declarations.length,
    });
    for (const [index, one] of declarations.entries()) sink({ kind: 'node-start', ...place(one, index) });
    const builder = scratchBuilder(connected, warehouse, context);
    const outcomes = await checkLeakage({
      manifest: connected.manifest,
      graph: connected.graph,
      declarations,
      cuts: request.cuts,
      failFast: request.failFast,
      timezone: timezoneOf(connected.project),
      adapter: warehouse.adapter,
      build: builder.build,
      signal: warehouse.signal,
    }).finally(() => builder.close());
    throwIfInterrupted(context);
    const results = outcomes.map((outcome, index) => {
      const result = resultOf(outcome, startedAt);
      sink({ kind: 'node-end', ...place(outcome.declaration, index), result });
      return result;
    });
    await warehouse.state.recordResults(connected.invocation.id, results);
    const tests = Object.fromEntries(declarations.map((one) => [testId(one.node), testOf(one)]));
    const manifest = { ...connected.manifest, nodes: { ...connected.manifest.nodes, ...tests } };
    return { manifest, copies: [], results };
  });
}
