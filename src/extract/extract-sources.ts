import { ChemflowError } from '../error/index.js';
import type {
  Adapter,
  EventSink,
  ExtractResult,
  Invocation,
  Manifest,
  Project,
  Session,
  SourceTable,
  State,
  Watermark,
} from '../types/index.js';
import { copyTable, type ExtractRun, type TableReport } from './copy-table.js';
import { createCopyProgress, type CopyProgress } from './progress.js';
import { openSnapshot, type SourceSnapshot } from './source-snapshot.js';
import { createStagingSchemas, readStagingTables, readWarehouseTypes, stagingId } from './staging-catalog.js';
import type { ExtractMode } from './strategies/choose-strategy.js';
import { planTable, type TableJob } from './table-job.js';
import { timezoneOf } from './timezone.js';
import { parseInstant } from '../util/instant.js';

/** What is to be extracted, and with what. */
export interface ExtractOptions {
  readonly project: Project;
  readonly manifest: Manifest;
  /** Tables with a connection; others are passed over. */
  readonly tables: readonly SourceTable[];
  readonly warehouse: Adapter;
  /** Adapters of the source connections by name, made with `readOnly: true`. */
  readonly sources: Readonly<Record<string, Adapter>>;
  readonly state: State;
  readonly mode: ExtractMode;
  readonly invocation: Invocation;
  /** Tables that are copied at once. */
  readonly threads: number;
  readonly sink: EventSink;
  /** Aborting it cancels every copy at once and rolls it back. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Copies source tables into staging, the largest first, each in a transaction of its own. What happens to one table is in its result and stops no other;
 * only an interruption (RUN.INTERRUPTED) and a fault of the warehouse itself are thrown. Results come in the order of `tables`.
 */
export async function extractSources(options: ExtractOptions): Promise<ExtractResult[]> {
  const tables = options.tables.filter((table) => table.connection !== null && table.extract !== null);
  if (tables.length === 0) return [];
  const cancel = (): void => {
    for (const adapter of [options.warehouse, ...Object.values(options.sources)]) void adapter.cancelAll();
  };
  if (options.signal?.aborted === true) cancel();
  options.signal?.addEventListener('abort', cancel, { once: true });
  const snapshots: SourceSnapshot[] = [];
  try {
    return await extract(options, tables, snapshots);
  } finally {
    options.signal?.removeEventListener('abort', cancel);
    await Promise.all(snapshots.map((snapshot) => snapshot.close()));
  }
}

async function extract(
  options: ExtractOptions,
  tables: readonly SourceTable[],
  snapshots: SourceSnapshot[],
): Promise<ExtractResult[]> {
  const { warehouse, state, invocation } = options;
  const results = new Map<string, ExtractResult>();
  const settle = (table: SourceTable, result: ExtractResult): void => {
    results.set(table.unique_id, result);
    options.sink({ kind: 'extract-end', id: table.unique_id, label: stagingId(table), result });
  };
  const fail = (table: SourceTable, error: unknown, startedAt = new Date()): void => {
    if (error instanceof ChemflowError && error.code === 'RUN.INTERRUPTED') throw error;
    settle(table, failure(table, options.mode, error, startedAt));
  };

  const opened = await openSnapshots(options, tables, fail);
  snapshots.push(...opened.map(({ snapshot }) => snapshot));
  const jobs = await planJobs(options, opened, fail);
  const run: ExtractRun = {
    warehouse,
    state,
    runId: invocation.id,
    runStartedAt: startByClocks(invocation.startedAt, opened),
    mode: options.mode,
    timezone: timezoneOf(options.project),
  };
  const progress = createCopyProgress(warehouse, options.sink);
  try {
    await copyAll(jobs, options, run, progress, settle, fail);
  } finally {
    progress.close();
  }
  await writeClocks(options, opened, results, run.runStartedAt);
  return tables.flatMap((table) => results.get(table.unique_id) ?? []);
}

/**
 * The start of the run as staging knows it: the machine's clock, or what a source's `clock_query` says where that lags behind it (a sample lives in a past of its own),
 * so that what the run finds has happened at the moment which the warehouse describes, and the same sample gives the same rows in any year.
 */
function startByClocks(startedAt: Date, opened: readonly OpenSource[]): Date {
  const times = opened.flatMap(({ snapshot, tables }) =>
    tables.flatMap((table) => {
      if (table.clock_query === null) return [];
      const instant = parseInstant(snapshot.clocks.get(table.source_name) ?? '');
      return instant === undefined ? [] : [Math.floor(instant / 1000)];
    }),
  );
  return new Date(Math.min(startedAt.getTime(), ...times));
}

interface OpenSource {
  readonly snapshot: SourceSnapshot;
  readonly tables: readonly SourceTable[];
}

/** Opens one moment of each source database, all as near to each other as can be. */
async function openSnapshots(
  options: ExtractOptions,
  tables: readonly SourceTable[],
  fail: (table: SourceTable, error: unknown) => void,
): Promise<readonly OpenSource[]> {
  const byConnection = new Map<string, SourceTable[]>();
  for (const table of tables) {
    const name = table.connection ?? '';
    byConnection.set(name, [...(byConnection.get(name) ?? []), table]);
  }
  const application = `chemflow extract ${options.invocation.id}`;
  const attempts = await Promise.allSettled(
    [...byConnection].map(async ([name, its]): Promise<OpenSource> => {
      const adapter = options.sources[name];
      if (adapter === undefined)
        throw new ChemflowError({
          code: 'EXTRACT.NO_CONNECTION',
          message: `sources.yml reads ${its[0]?.source_name} through connection ${name}, which chemflow.yml does not have.`,
          hint: `Add ${name} under connections: in chemflow.yml.`,
        });
      return { snapshot: await openSnapshot(name, adapter, its, application), tables: its };
    }),
  );
  const open = attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
  try {
    [...byConnection.values()].forEach((its, index) => {
      const attempt = attempts[index];
      if (attempt?.status === 'rejected') for (const table of its) fail(table, attempt.reason);
    });
  } catch (error) {
    await Promise.all(open.map(({ snapshot }) => snapshot.close()));
    throw error;
  }
  return open;
}

/** Plans every table; the largest come first. */
async function planJobs(
  options: ExtractOptions,
  opened: readonly OpenSource[],
  fail: (table: SourceTable, error: unknown) => void,
): Promise<TableJob[]> {
  const { warehouse, state, manifest } = options;
  const tables = opened.flatMap((source) => source.tables);
  if (tables.length === 0) return [];
  const schemas = [...new Set(tables.map((table) => table.schema))];
  await createStagingSchemas(warehouse, schemas);
  const staging = await readStagingTables(warehouse, tables);
  const watermarks = new Map<string, ReadonlyMap<string, Watermark>>();
  for (const schema of schemas) watermarks.set(schema, await state.watermarks(schema));
  const columns = opened.flatMap(({ snapshot }) => snapshot.relations.flatMap((relation) => relation.columns ?? []));
  const warehouseType = await readWarehouseTypes(warehouse, columns);
  const tombstones = await state.tombstones();
  const jobs = opened.flatMap(({ snapshot, tables: its }) =>
    its.flatMap((table, index): TableJob[] => {
      const relation = snapshot.relations[index];
      if (relation === undefined) throw new Error(`no catalog row for ${table.unique_id}`);
      try {
        const watermark = watermarks.get(table.schema)?.get(table.identifier);
        return [
          planTable({
            table,
            manifest,
            relation,
            snapshot,
            staging: staging.get(stagingId(table)),
            watermark,
            warehouseType,
            tombstones,
          }),
        ];
      } catch (error) {
        fail(table, error);
        return [];
      }
    }),
  );
  return jobs.sort((left, right) => (right.relation.bytes ?? 0) - (left.relation.bytes ?? 0));
}

/** Works the queue off with `threads` sessions of the warehouse. */
async function copyAll(
  jobs: readonly TableJob[],
  options: ExtractOptions,
  run: ExtractRun,
  progress: CopyProgress,
  settle: (table: SourceTable, result: ExtractResult) => void,
  fail: (table: SourceTable, error: unknown, startedAt: Date) => void,
): Promise<void> {
  const queue = [...jobs];
  const work = async (): Promise<void> => {
    let session: Session | undefined;
    try {
      for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
        const startedAt = new Date();
        const { table } = job;
        const estimate = job.relation.row_estimate ?? -1;
        options.sink({
          kind: 'extract-start',
          id: table.unique_id,
          label: stagingId(table),
          estimatedRows: estimate < 0 ? undefined : estimate,
        });
        try {
          session ??= await options.warehouse.open(`chemflow extract ${run.runId}`);
          const report = await copyWatched(job, session, run, progress);
          settle(table, { id: table.unique_id, ...report, startedAt, endedAt: new Date() });
        } catch (error) {
          await session?.close().catch(() => undefined);
          session = undefined;
          fail(table, error, startedAt);
        }
      }
    } finally {
      // An interruption ends the other workers too.
      queue.length = 0;
      await session?.close().catch(() => undefined);
    }
  };
  const workers = Array.from({ length: Math.max(1, Math.min(options.threads, jobs.length)) }, work);
  const ended = await Promise.allSettled(workers);
  const broken = ended.find((worker) => worker.status === 'rejected');
  if (broken?.status === 'rejected') throw broken.reason;
}

async function copyWatched(
  job: TableJob,
  warehouse: Session,
  run: ExtractRun,
  progress: CopyProgress,
): Promise<TableReport> {
  const source = await job.snapshot.take();
  const watch = progress.watch(job.table.unique_id, warehouse.backendPid);
  let isFit = false;
  try {
    const report = await copyTable(job, { source, warehouse }, run, watch.onBytes);
    isFit = true;
    return report;
  } finally {
    watch.stop();
    await job.snapshot.giveBack(source, isFit);
  }
}

/** A source's clock is written when all of its tables that were asked for arrived; some days read again do not move it. */
async function writeClocks(
  options: ExtractOptions,
  opened: readonly OpenSource[],
  results: ReadonlyMap<string, ExtractResult>,
  runStartedAt: Date,
): Promise<void> {
  if (options.mode.kind === 'range') return;
  for (const { snapshot, tables } of opened) {
    for (const [sourceName, clock] of snapshot.clocks) {
      const its = tables.filter((table) => table.source_name === sourceName);
      if (its.some((table) => results.get(table.unique_id)?.status !== 'success')) continue;
      for (const stagingSchema of new Set(its.map((table) => table.schema)))
        await options.state.setSourceClock({
          stagingSchema,
          sourceName,
          clock,
          runStartedAt,
        });
    }
  }
}

function failure(table: SourceTable, mode: ExtractMode, error: unknown, startedAt: Date): ExtractResult {
  return {
    id: table.unique_id,
    status: 'error',
    mode: mode.kind === 'range' ? 'date range' : mode.kind === 'incremental' ? 'incremental' : 'full',
    rows: 0,
    bytes: 0,
    deletedRows: 0,
    startedAt,
    endedAt: new Date(),
    message: error instanceof Error ? error.message : String(error),
    error,
  };
}
