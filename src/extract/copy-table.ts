import type { Adapter, ExtractResult, Session, State } from '../types/index.js';
import { changeStaging } from './change-staging.js';
import { copyError } from './errors.js';
import { chooseStrategy, type ExtractMode, type Strategy } from './strategies/choose-strategy.js';
import { deleteGone } from './staging-sql.js';
import { firstLoad } from './strategies/first-load.js';
import { increment } from './strategies/increment.js';
import { range } from './strategies/range.js';
import { reRead } from './strategies/re-read.js';
import { replace } from './strategies/replace.js';
import type { CopyContext, CopyOutcome, TableJob } from './table-job.js';
import { writeWatermark } from './write-watermark.js';

/** What all tables of one extraction share. */
export interface ExtractRun {
  readonly warehouse: Adapter;
  readonly state: State;
  readonly runId: string;
  readonly runStartedAt: Date;
  readonly mode: ExtractMode;
  readonly timezone: string;
}

/** What came of one table, for the result. */
export type TableReport = Pick<ExtractResult, 'status' | 'mode' | 'rows' | 'bytes' | 'deletedRows' | 'message'>;

/**
 * Copies one table in one transaction of the warehouse, with its watermark and its line in the ledger. On an error nothing of it remains;
 * `source` must then be thrown away, while `warehouse` has been rolled back.
 */
export async function copyTable(
  job: TableJob,
  sessions: { readonly source: Session; readonly warehouse: Session },
  run: ExtractRun,
  onBytes: (bytes: number) => void,
): Promise<TableReport> {
  const strategy = chooseStrategy(job, run.mode, run.timezone);
  if (strategy.kind === 'skip')
    return report(job, run, strategy, { rows: 0, bytes: 0, written: 0, deleted: 0, isComplete: false });
  const context: CopyContext = { ...sessions, ...run, warehouse: sessions.warehouse, onBytes };
  const { source, warehouse } = sessions;
  try {
    await warehouse.query('begin');
    await job.snapshot.begin(source);
    await changeStaging(job, context);
    const outcome = await copyBy(strategy, job, context, run.mode.limitRows);
    if (run.mode.discardHistory === true) await warehouse.query(deleteGone(job.table));
    // A part of the rows says nothing about how far staging holds its source.
    if (strategy.kind !== 'range' && run.mode.limitRows === undefined) await writeWatermark(job, context, outcome);
    await writeLedger(job, context, run, strategy, outcome);
    await source.query('commit');
    await warehouse.query('commit');
    return report(job, run, strategy, outcome);
  } catch (error) {
    await warehouse.query('rollback').catch(() => undefined);
    throw copyError(job.table, job.manifest, error);
  }
}

function copyBy(
  strategy: Exclude<Strategy, { kind: 'skip' }>,
  job: TableJob,
  context: CopyContext,
  limit: number | undefined,
): Promise<CopyOutcome> {
  switch (strategy.kind) {
    case 'first load':
      return firstLoad(job, context, limit);
    case 're-read':
      return reRead(job, context, limit);
    case 'replace':
      return replace(job, context, limit);
    case 'increment':
      return increment(job, context, strategy);
    case 'range':
      return range(job, context, strategy);
  }
}

async function writeLedger(
  job: TableJob,
  context: CopyContext,
  run: ExtractRun,
  strategy: Strategy,
  outcome: CopyOutcome,
): Promise<void> {
  await context.state.recordExtraction(context.warehouse, {
    runId: run.runId,
    runStartedAt: run.runStartedAt,
    sourceId: job.table.unique_id,
    stagingSchema: job.table.schema,
    stagingTable: job.table.identifier,
    mode: run.mode.limitRows !== undefined ? 'sample' : modeOf(strategy, outcome),
    horizonBefore: job.watermark?.horizon ?? null,
    horizonAfter: job.snapshot.horizon,
    rangeStart: strategy.kind === 'range' ? run.mode.start : undefined,
    rangeEnd: strategy.kind === 'range' ? run.mode.end : undefined,
    rowsRead: outcome.rows,
    bytes: outcome.bytes,
    rowsWritten: outcome.written,
    rowsDeleted: outcome.deleted,
  });
}

function modeOf(strategy: Strategy, outcome: CopyOutcome): ExtractResult['mode'] {
  if (strategy.kind === 'range' || strategy.kind === 'skip') return 'date range';
  return strategy.kind === 'increment' && !outcome.isComplete ? 'incremental' : 'full';
}

function report(job: TableJob, run: ExtractRun, strategy: Strategy, outcome: CopyOutcome): TableReport {
  return {
    status: strategy.kind === 'skip' ? 'skipped' : 'success',
    mode: modeOf(strategy, outcome),
    rows: outcome.rows,
    bytes: outcome.bytes,
    deletedRows: outcome.deleted,
    message: messageOf(job, run, strategy, outcome),
  };
}

/** Whatever a user would not expect. */
function messageOf(job: TableJob, run: ExtractRun, strategy: Strategy, outcome: CopyOutcome): string | null {
  if (run.mode.limitRows !== undefined) return `a sample of at most ${run.mode.limitRows} rows`;
  if (strategy.kind === 'skip') return `left alone: ${strategy.reason}`;
  if (strategy.kind === 're-read' && strategy.reason !== undefined) return `read in full: ${strategy.reason}`;
  if (strategy.kind === 'replace') return 'replaced: it has no key';
  if (strategy.kind !== 'increment') return null;
  if (outcome.isComplete) return 'read in full: staging lacked rows that the source has';
  return strategy.isAssumed ? `complete as far as ${job.table.extract?.cursor ?? 'its cursor'} tells` : null;
}
