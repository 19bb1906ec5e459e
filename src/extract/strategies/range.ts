import { keysTable, markDeleted } from '../staging-sql.js';
import type { CopyContext, CopyOutcome, TableJob } from '../table-job.js';
import { loadKeys, loadRows } from './increment.js';
import { mergeLoad } from './merge-load.js';

/** Reads the rows of some days again; of staging's rows of those days, those whose key is nowhere in the source any more are marked as deleted. */
export async function range(
  job: TableJob,
  context: CopyContext,
  conditions: { readonly condition: string; readonly stagingCondition: string },
): Promise<CopyOutcome> {
  const { table, key } = job;
  const count = await loadRows(job, context, conditions.condition);
  const written = await mergeLoad(job, context);
  if (table.extract?.reconcile === 'never') return { ...count, written, deleted: 0, isComplete: false };
  const keys = await loadKeys(job, context);
  const { rowCount: deleted } = await context.warehouse.query(
    markDeleted(table, key, keysTable, context.runStartedAt, conditions.stagingCondition),
  );
  return { rows: count.rows, bytes: count.bytes + keys.bytes, written, deleted, isComplete: false };
}
