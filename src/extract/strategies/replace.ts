import { copyRows } from '../copy-rows.js';
import { copyIn, copyOut } from '../source-sql.js';
import { stagingName, timestamp } from '../staging-sql.js';
import { syncedAt } from '../column-plan.js';
import type { CopyContext, CopyOutcome, TableJob } from '../table-job.js';

/** Replaces every row of a table without a key; its rows can not be told apart, so that nothing of them is remembered. DELETE, since TRUNCATE would show older readers an empty table. */
export async function replace(job: TableJob, context: CopyContext, limit: number | undefined): Promise<CopyOutcome> {
  const { table, plan, relation } = job;
  const { warehouse } = context;
  const name = stagingName(table);
  const removed = await warehouse.query(`delete from ${name}`);
  await warehouse.query(`alter table ${name} alter column ${syncedAt} set default ${timestamp(context.runStartedAt)}`);
  const count = await copyRows(
    { session: context.source, sql: copyOut(relation, plan.columns, { limit, allowed: job.allowed }) },
    { session: warehouse, sql: copyIn(name, plan.columns) },
    context.onBytes,
  );
  await warehouse.query(`alter table ${name} alter column ${syncedAt} drop default`);
  const deleted = Math.max(0, removed.rowCount - count.rows);
  return { ...count, written: count.rows, deleted, isComplete: limit === undefined };
}
