import {
  chemflowVersion,
  createManifestDrafts,
  writeManifest,
  writeRunResults,
  type ManifestDrafts,
} from '../artifact/index.js';
import { ChemflowError } from '../error/index.js';
import type { ExtractMode } from '../extract/index.js';
import { controlSession, threadSession } from '../run/index.js';
import { runLockSession } from '../state/index.js';
import type { ExtractResult, Manifest, NodeRenderer, ResourceId, RunResult } from '../types/index.js';
import { requireBuiltParents } from './built-parents.js';
import type { CommandContext, ExitCode } from './command.js';
import { checkPersonalData } from './check-personal-data.js';
import { commandText } from './command-text.js';
import { copiedTables, copySources } from './copy-sources.js';
import { runDeclaredExports } from './declared-exports.js';
import { buildNodes, buildRenderer } from './build-nodes.js';
import { guardSalt } from './guard-salt.js';
import type { Prepared } from './prepare.js';
import { summarize } from './summary.js';
import { openWarehouse, throwIfInterrupted, type Warehouse } from './warehouse.js';

/** What a command wants done, in order: sources copied, then nodes built and tested. */
export interface PipelineRequest {
  /** Resources in build order; source tables among them are copied where `copy` is given. */
  readonly ids: readonly ResourceId[];
  readonly copy?: ExtractMode | undefined;
  readonly failFast: boolean;
  /** Does it end with the exports of chemflow.yml? */
  readonly exports?: boolean | undefined;
  /** Does it change the warehouse, and so need the run lock? */
  readonly writes: boolean;
  /** Does it build every keyed hash anew with the salt that is set now? */
  readonly rotatesSalt?: boolean | undefined;
}

/** Runs a command's work on the warehouse, reports it, writes its artifacts and its row in the history. */
export async function runPipeline(
  prepared: Prepared,
  request: PipelineRequest,
  context: CommandContext,
): Promise<ExitCode> {
  const nodeIds = request.ids.filter(
    (id) => prepared.manifest.nodes[id] !== undefined || prepared.manifest.unitTests[id] !== undefined,
  );
  const copies = request.copy !== undefined && copiedTables(prepared, request.ids).length > 0;
  const drafts = createManifestDrafts(prepared.manifest);
  let renderer: NodeRenderer | undefined;
  let closing: Promise<void> | undefined;
  const beside = (connected: Prepared, warehouse: Warehouse): void => {
    if (copies || nodeIds.length === 0) return;
    warehouse.adapter.expect(controlSession, { bookkeeping: true });
    renderer = buildRenderer(connected, nodeIds, warehouse, context);
  };
  const build = async (connected: Prepared, warehouse: Warehouse): Promise<WorkDone> => {
    const { manifest } = connected;
    // Not before the run lock is had, whose taker ends such sessions of a run that was killed.
    if (renderer !== undefined) warehouse.adapter.expect(...threadSession(1));
    await requireBuiltParents(connected, request.ids, warehouse);
    const watch = await checkPersonalData(connected, nodeIds, warehouse, context);
    const salt = { rotates: request.rotatesSalt === true, ids: request.ids };
    const endRotation = await guardSalt(salt, connected.project, manifest, warehouse);
    // A copy may take long, and shall not do so beside an idle worker's memory.
    if (copies) await prepared.worker?.end();
    const copied: readonly ExtractResult[] =
      request.copy === undefined ? [] : await copySources(connected, request.ids, request.copy, warehouse, context);
    throwIfInterrupted(context);
    drafts.begin();
    if (nodeIds.length > 0) renderer ??= buildRenderer(connected, nodeIds, warehouse, context);
    const results = await buildNodes(connected, nodeIds, copied, request.failFast, warehouse, context, watch, renderer);
    drafts.stop();
    // Its workers end while files are written.
    closing = renderer?.close();
    await watch?.write();
    await endRotation(results.every(({ status }) => status === 'success'));
    const isExported =
      request.exports !== true ||
      warehouse.signal.aborted ||
      (await runDeclaredExports(connected, nodeIds, results, warehouse, context));
    return { manifest, copies: copied, results, hasFailedExport: !isExported, drafts };
  };
  const work = recordRun(prepared, request.writes, context, build, beside);
  return work.finally(async () => {
    drafts.stop();
    await (closing ?? renderer?.close());
    await prepared.worker?.end();
  });
}

/** What the work of a run came to; the manifest may have more nodes than the project's. */
export interface WorkDone {
  readonly manifest: Manifest;
  readonly copies: readonly ExtractResult[];
  readonly results: readonly RunResult[];
  /** Did an export at the end fail? It was told already. */
  readonly hasFailedExport?: boolean | undefined;
  readonly drafts?: ManifestDrafts | undefined;
}

/**
 * Does work on the warehouse between a run's beginning and its end in the history, under the run lock where it writes, and writes the artifacts. `beside`
 * is what this thread can do while it waits for the lock; it must not throw.
 */
export async function recordRun(
  prepared: Prepared,
  writes: boolean,
  context: CommandContext,
  work: (connected: Prepared, warehouse: Warehouse) => Promise<WorkDone>,
  beside?: (connected: Prepared, warehouse: Warehouse) => void,
): Promise<ExitCode> {
  const { invocation } = prepared;
  const warehouse = await openWarehouse(prepared.project, context, writes ? [runLockSession] : []);
  const { state } = warehouse;
  const run = { id: invocation.id };
  let isStarted = false;
  try {
    const command = commandText(invocation);
    const connected: Prepared = { ...prepared, project: warehouse.project };
    const locking = writes ? warehouse.lock(command) : undefined;
    beside?.(connected, warehouse);
    await locking;
    await state.startRun({
      id: invocation.id,
      command,
      target: warehouse.project.target.name,
      startedAt: invocation.startedAt,
      chemflowVersion: chemflowVersion(),
    });
    isStarted = true;
    const { manifest, copies, results, hasFailedExport, drafts } = await work(connected, warehouse);
    const summary = summarize({ ...connected, manifest }, copies, results, context);
    const exitCode = summary === 0 && hasFailedExport === true ? 1 : summary;
    writeManifest({
      project: warehouse.project,
      manifest,
      invocation,
      drafts,
      compiled: new Map(
        results.flatMap((result) => (result.compiledCode === null ? [] : [[result.id, result.compiledCode]])),
      ),
    });
    writeRunResults({
      project: warehouse.project,
      invocation,
      results,
      elapsedSeconds: (Date.now() - invocation.startedAt.getTime()) / 1000,
    });
    await state.finishRun({
      ...run,
      status: context.io.signal.aborted ? 'interrupted' : exitCode === 0 ? 'success' : 'failure',
    });
    return exitCode;
  } catch (thrown) {
    // A lost lock cancels like an interruption does; the reason is what the user must hear.
    const reason: unknown = warehouse.signal.reason;
    const error = !context.io.signal.aborted && reason instanceof ChemflowError ? reason : thrown;
    const message = error instanceof Error ? error.message : String(error);
    if (isStarted) {
      await state
        .finishRun({ ...run, status: context.io.signal.aborted ? 'interrupted' : 'error', message })
        .catch((later: unknown) => {
          context.terminal.sink({
            kind: 'message',
            level: 'warn',
            text: `The run's end could not be noted: ${String(later)}`,
          });
        });
    }
    throw error;
  } finally {
    await warehouse.close();
  }
}
