import type { Watermark } from '../../types/index.js';
import { quoteIdentifier, quoteLiteral } from '../../util/sql-text.js';
import { tableError } from '../errors.js';
import { hasNewColumns, hasTransactionHorizon, horizonTrouble, writtenSince } from '../horizon.js';
import { missingColumn, type TableJob } from '../table-job.js';

/** What a command asks of every table. Days are `YYYY-MM-DD`, both included; a missing one leaves that side open. */
export interface ExtractMode {
  readonly kind: 'auto' | 'full' | 'incremental' | 'range';
  readonly start?: string | undefined;
  readonly end?: string | undefined;
  /** Only so many rows of each table: a sample, which leaves no watermark. */
  readonly limitRows?: number | undefined;
  /** With `full`: rows that the source has no more leave staging too. */
  readonly discardHistory?: boolean | undefined;
}

/** How one table is copied. `reason` says why it is not copied as one would expect. */
export type Strategy =
  | { readonly kind: 'first load' }
  | { readonly kind: 're-read'; readonly reason?: string }
  | { readonly kind: 'replace' }
  | { readonly kind: 'increment'; readonly condition: string; readonly isAssumed: boolean }
  | { readonly kind: 'range'; readonly condition: string; readonly stagingCondition: string }
  | { readonly kind: 'skip'; readonly reason: string };

/** Decides how a table is copied. Errors: EXTRACT.NOTHING_TO_ADD_TO, EXTRACT.MISSING_COLUMN, EXTRACT.CURSOR. */
export function chooseStrategy(job: TableJob, mode: ExtractMode, timezone: string): Strategy {
  const { staging, watermark } = job;
  if ((mode.kind === 'incremental' || mode.kind === 'range') && watermark === undefined)
    throw nothingToAddTo(job, mode.kind);
  if (staging === undefined) return { kind: 'first load' };
  if (job.key.length === 0) return { kind: 'replace' };
  if (mode.kind === 'range') return rangeOf(job, mode, timezone);
  const isFull = mode.kind === 'full' || mode.limitRows !== undefined || job.table.extract?.strategy === 'full';
  if (isFull || watermark === undefined) return { kind: 're-read' };
  return incrementOf(job, watermark);
}

function incrementOf(job: TableJob, watermark: Watermark): Strategy {
  const reason = whyNotIncremental(job, watermark);
  if (reason !== undefined) return { kind: 're-read', reason };
  const { cursor, horizon } = job.table.extract ?? { cursor: null, horizon: 'transaction' };
  if (horizon === 'transaction' && hasTransactionHorizon(job.relation)) {
    if (watermark.horizon === null) return { kind: 're-read', reason: 'there is no transaction horizon to begin from' };
    const trouble = horizonTrouble(watermark.horizon, job.snapshot.nextTransaction);
    return trouble === undefined
      ? { kind: 'increment', condition: writtenSince(watermark.horizon), isAssumed: false }
      : { kind: 're-read', reason: trouble };
  }
  if (cursor === null) return { kind: 're-read', reason: 'it keeps no transaction ids and has no cursor column' };
  if (watermark.cursor === null) return { kind: 're-read', reason: 'there is no cursor value to begin from' };
  cursorColumn(job, cursor);
  const column = `t.${quoteIdentifier(cursor)}`;
  // Rows of the very same moment may have come later, and a row without a cursor value could be any.
  const condition = `(${column} >= ${quoteLiteral(watermark.cursor)} or ${column} is null)`;
  return { kind: 'increment', condition, isAssumed: true };
}

/** Why a part of the rows would not be enough. */
function whyNotIncremental(job: TableJob, watermark: Watermark): string | undefined {
  if (watermark.incarnation !== job.relation.incarnation)
    return 'another table (or another set of partitions) stands under its name';
  if (watermark.key.join('\0') !== job.key.join('\0')) return 'its key has changed';
  if (hasNewColumns(watermark, job.plan.columns)) return 'its columns have changed';
  return undefined;
}

function rangeOf(job: TableJob, mode: ExtractMode, timezone: string): Strategy {
  const cursor = job.table.extract?.cursor ?? null;
  if (cursor === null) return { kind: 'skip', reason: 'it has no cursor column to choose days by' };
  const { dataType } = cursorColumn(job, cursor);
  const bounds = (column: string): string =>
    [
      mode.start === undefined ? [] : [`${column} >= ${startOfDay(mode.start, 0, dataType, timezone)}`],
      mode.end === undefined ? [] : [`${column} < ${startOfDay(mode.end, 1, dataType, timezone)}`],
      mode.start === undefined && mode.end === undefined ? ['true'] : [],
    ]
      .flat()
      .join(' and ');
  const name = quoteIdentifier(cursor);
  return { kind: 'range', condition: bounds(`t.${name}`), stagingCondition: bounds(`t.${name}`) };
}

/** The first moment of a local day (or of the day after), as SQL of the cursor's type. */
function startOfDay(day: string, daysLater: number, type: string, timezone: string): string {
  const date = `(${quoteLiteral(day)}::date + ${daysLater})`;
  if (type === 'date') return date;
  if (/^timestamp.*without time zone$/.test(type)) return `${date}::timestamp`;
  return `timezone(${quoteLiteral(timezone)}, ${date}::timestamp)`;
}

function cursorColumn(job: TableJob, name: string): { readonly dataType: string } {
  const column = job.relation.columns?.find((candidate) => candidate.name === name);
  if (column === undefined || !job.plan.columns.some((copied) => copied.name === name))
    throw missingColumn(job.table, job.manifest, job.relation, name, 'cursor');
  if (!/^(timestamp|date)/.test(column.dataType))
    throw tableError(job.table, job.manifest, {
      code: 'CURSOR',
      message: `its cursor ${name} is of type ${column.dataType}, which is no time.`,
      hint: 'Name a column of type timestamptz, timestamp or date.',
    });
  return column;
}

function nothingToAddTo(job: TableJob, kind: 'incremental' | 'range'): Error {
  const asked = kind === 'incremental' ? 'an increment' : 'a range of days';
  return tableError(job.table, job.manifest, {
    code: 'NOTHING_TO_ADD_TO',
    message: `${asked} was asked for, but it has never been extracted in full.`,
    hint: 'chemflow run --full, or without --incremental, --start-date and --end-date.',
  });
}
