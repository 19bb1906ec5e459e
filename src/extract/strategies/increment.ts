import type { QueryResult } from '../../types/index.js';
import { copyRows, type CopyCount } from '../copy-rows.js';
import { hasSameKeys } from '../key-digest.js';
import { copyIn, copyOut } from '../source-sql.js';
import { countMissing, createTemporary, keysTable, loadTable, markDeleted } from '../staging-sql.js';
import type { CopyContext, CopyOutcome, TableJob } from '../table-job.js';
import { mergeLoad } from './merge-load.js';
import { reRead } from './re-read.js';

/**
 * Reads the rows that fulfil the condition, merges them by key, and compares all keys to find what is gone.
 * Where the comparison shows that staging lacks rows (a partition attached with old rows, say), every row is read again.
 */
export async function increment(job: TableJob, context: CopyContext, condition: string): Promise<CopyOutcome> {
  const { table, key } = job;
  const { warehouse } = context;
  const count = await loadRows(job, context, condition);
  const written = await mergeLoad(job, context);
  const nothingGone = { ...count, written, deleted: 0, isComplete: false };
  if (table.extract?.reconcile !== 'always' || (await hasSameKeys(job, context))) return nothingGone;
  const keys = await loadKeys(job, context);
  if (firstNumber(await warehouse.query(countMissing(table, key))) > 0) {
    await warehouse.query(`drop table ${loadTable}`);
    const again = await reRead(job, context, undefined);
    return { ...again, bytes: again.bytes + count.bytes + keys.bytes, written: again.written + written };
  }
  const { rowCount: deleted } = await warehouse.query(markDeleted(table, key, keysTable, context.runStartedAt));
  return { rows: count.rows, bytes: count.bytes + keys.bytes, written, deleted, isComplete: false };
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

/** Streams every key of the source into the keys table. */
export async function loadKeys(job: TableJob, context: CopyContext): Promise<CopyCount> {
  const { table, plan, relation, key } = job;
  const columns = plan.columns.filter(({ name }) => key.includes(name));
  await context.warehouse.query(createTemporary(keysTable, table, key));
  const count = await copyRows(
    { session: context.source, sql: copyOut(relation, columns, { allowed: job.allowed }) },
    { session: context.warehouse, sql: copyIn(keysTable, columns) },
    context.onBytes,
  );
  await context.warehouse.query(`analyze ${keysTable}`);
  return count;
}

function firstNumber(result: QueryResult): number {
  return Number(result.rows[0]?.[0] ?? 0);
}
