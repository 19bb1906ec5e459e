import { chemflowVersion, writeManifest, writeRunResults } from '../artifact/index.js';
import { ChemflowError } from '../error/index.js';
import type { ExtractMode } from '../extract/index.js';
import type { ExtractResult, Manifest, ResourceId, RunResult } from '../types/index.js';
import { requireBuiltParents } from './built-parents.js';
import type { CommandContext, ExitCode } from './command.js';
import { checkPersonalData } from './check-personal-data.js';
import { commandText } from './command-text.js';
import { copiedTables, copySources } from './copy-sources.js';
import { runDeclaredExports } from './declared-exports.js';
import { buildNodes } from './build-nodes.js';
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
  const work = recordRun(prepared, request.writes, context, async (connected, warehouse) => {
    const { manifest } = connected;
    const nodeIds = request.ids.filter(
      (id) => manifest.nodes[id] !== undefined || manifest.unitTests[id] !== undefined,
    );
    await requireBuiltParents(connected, request.ids, warehouse);
    const watch = await checkPersonalData(connected, nodeIds, warehouse, context);
    const salt = { rotates: request.rotatesSalt === true, ids: request.ids };
    const endRotation = await guardSalt(salt, connected.project, manifest, warehouse);
    // A copy may take long, and shall not do so beside an idle worker's memory.
    if (request.copy !== undefined && copiedTables(connected, request.ids).length > 0) await prepared.worker?.end();
    const copies: readonly ExtractResult[] =
      request.copy === undefined ? [] : await copySources(connected, request.ids, request.copy, warehouse, context);
    throwIfInterrupted(context);
    const results = await buildNodes(connected, nodeIds, copies, request.failFast, warehouse, context, watch);
    await watch?.write();
    await endRotation(results.every(({ status }) => status === 'success'));
    const isExported =
      request.exports !== true ||
      warehouse.signal.aborted ||
      (await runDeclaredExports(connected, nodeIds, results, warehouse, context));
    return { manifest, copies, results, hasFailedExport: !isExported };
  });
  return work.finally(() => prepared.worker?.end());
}

/** What the work of a run came to; the manifest may have more nodes than the project's. */
export interface WorkDone {
  readonly manifest: Manifest;
  readonly copies: readonly ExtractResult[];
  readonly results: readonly RunResult[];
  /** Did an export at the end fail? It was told already. */
  readonly hasFailedExport?: boolean | undefined;
}

/** Does work on the warehouse between a run's beginning and its end in the history, under the run lock where it writes, and writes the artifacts. */
export async function recordRun(
  prepared: Prepared,
  writes: boolean,
  context: CommandContext,
  work: (connected: Prepared, warehouse: Warehouse) => Promise<WorkDone>,
): Promise<ExitCode> {
  const { invocation } = prepared;
  const warehouse = await openWarehouse(prepared.project, context);
  const { state } = warehouse;
  const run = { id: invocation.id };
  let isStarted = false;
  try {
    const command = commandText(invocation);
    if (writes) await warehouse.lock(command);
    await state.startRun({
      id: invocation.id,
      command,
      target: warehouse.project.target.name,
      startedAt: invocation.startedAt,
      chemflowVersion: chemflowVersion(),
    });
    isStarted = true;
    const connected: Prepared = { ...prepared, project: warehouse.project };
    const { manifest, copies, results, hasFailedExport } = await work(connected, warehouse);
    const summary = summarize({ ...connected, manifest }, copies, results, context);
    const exitCode = summary === 0 && hasFailedExport === true ? 1 : summary;
    writeManifest({
      project: warehouse.project,
      manifest,
      invocation,
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
