import type { QueryResult } from '../../types/index.js';
import { copyRows, type CopyCount } from '../copy-rows.js';
import { compareKeys, countsProveKeys, type KeyDifference } from '../key-digest.js';
import { copyIn, copyOut } from '../source-sql.js';
import { countMissing, createTemporary, keysTable, loadTable, markDeleted } from '../staging-sql.js';
import type { CopyContext, CopyOutcome, TableJob } from '../table-job.js';
import { mergeLoad } from './merge-load.js';
import { reRead } from './re-read.js';

/**
 * Reads the rows that fulfil the condition, merges them by key, and compares the keys to find what is gone.
 * Where the comparison shows that staging lacks rows (rows that a cursor did not tell, say), every row is read again.
 */
export async function increment(
  job: TableJob,
  context: CopyContext,
  { condition, isAssumed }: { readonly condition: string; readonly isAssumed: boolean },
): Promise<CopyOutcome> {
  const { table, key } = job;
  const { warehouse } = context;
  const count = await loadRows(job, context, condition);
  const written = count.rows === 0 ? 0 : await mergeLoad(job, context);
  const nothingGone = { ...count, written, deleted: 0, isComplete: false };
  if (table.extract?.reconcile !== 'always') return nothingGone;
  const difference = await compareKeys(job, context, !isAssumed && countsProveKeys(job));
  if (difference === undefined) return nothingGone;
  const { within, bytes } = await loadDiffering(job, context, difference);
  if (firstNumber(await warehouse.query(countMissing(table, key))) > 0) {
    await warehouse.query(`drop table ${loadTable}`);
    const again = await reRead(job, context, undefined);
    return { ...again, bytes: again.bytes + count.bytes + bytes, written: again.written + written };
  }
  const { rowCount: deleted } = await warehouse.query(markDeleted(table, key, keysTable, context.runStartedAt, within));
  return { rows: count.rows, bytes: count.bytes + bytes, written, deleted, isComplete: false };
}

/** Streams the keys of the buckets that differ; those of all where they are not as many as were counted, so that nothing rests on how a bucket is found. */
async function loadDiffering(
  job: TableJob,
  context: CopyContext,
  { within, keys }: KeyDifference,
): Promise<{ readonly bytes: number; readonly within: string | undefined }> {
  const some = await loadKeys(job, context, within?.source);
  if (within === undefined || some.rows === keys) return { bytes: some.bytes, within: within?.staging };
  await context.warehouse.query(`drop table ${keysTable}`);
  const all = await loadKeys(job, context);
  return { bytes: some.bytes + all.bytes, within: undefined };
}

/** Streams the rows that fulfil a condition into the load table. */
export async function loadRows(job: TableJob, context: CopyContext, condition: string): Promise<CopyCount> {
  const { table, plan, relation } = job;
  const names = plan.columns.map(({ name }) => name);
  await context.warehouse.query(createTemporary(loadTable, table, names));
  return copyRows(
    { session: context.source, sql: copyOut(relation, plan.columns, { condition, allowed: job.allowed }) },
    { session: context.warehouse, sql: copyIn(loadTable, plan.columns) },
    context.onBytes,
  );
}

/** Streams the source's keys that fulfil a condition, or every one, into the keys table. */
export async function loadKeys(job: TableJob, context: CopyContext, condition?: string): Promise<CopyCount> {
  const { table, plan, relation, key } = job;
  const columns = plan.columns.filter(({ name }) => key.includes(name));
  await context.warehouse.query(createTemporary(keysTable, table, key));
  const count = await copyRows(
    { session: context.source, sql: copyOut(relation, columns, { condition, allowed: job.allowed }) },
    { session: context.warehouse, sql: copyIn(keysTable, columns) },
    context.onBytes,
  );
  await context.warehouse.query(`analyze ${keysTable}`);
  return count;
}

function firstNumber(result: QueryResult): number {
  return Number(result.rows[0]?.[0] ?? 0);
}
