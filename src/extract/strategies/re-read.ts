import { copyRows } from '../copy-rows.js';
import { copyIn, copyOut } from '../source-sql.js';
import { createTemporary, loadTable, markDeleted } from '../staging-sql.js';
import type { CopyContext, CopyOutcome, TableJob } from '../table-job.js';
import { mergeLoad } from './merge-load.js';

/** Reads every row again and merges: what only staging remembers is kept, rows that are gone are marked. A sample (limit) marks none. */
export async function reRead(job: TableJob, context: CopyContext, limit: number | undefined): Promise<CopyOutcome> {
  const { table, plan, relation, key } = job;
  const { warehouse } = context;
  await warehouse.query(
    createTemporary(
      loadTable,
      table,
      plan.columns.map(({ name }) => name),
    ),
  );
  const count = await copyRows(
    { session: context.source, sql: copyOut(relation, plan.columns, { limit, allowed: job.allowed }) },
    { session: warehouse, sql: copyIn(loadTable, plan.columns) },
    context.onBytes,
  );
  const written = await mergeLoad(job, context);
  const isReconciled = table.extract?.reconcile !== 'never' && limit === undefined;
  const deleted = isReconciled
    ? (await warehouse.query(markDeleted(table, key, loadTable, context.runStartedAt))).rowCount
    : 0;
  return { ...count, written, deleted, isComplete: limit === undefined };
}
