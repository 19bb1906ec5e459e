import { columnList, insertFromLoad, loadTable, updateFromLoad } from '../staging-sql.js';
import type { CopyContext, TableJob } from '../table-job.js';
import { explainKey } from './first-load.js';

/** Brings what lies in the load table into staging by key; resolves to the number of rows that were changed or added. */
export async function mergeLoad(job: TableJob, context: CopyContext): Promise<number> {
  const { table, plan, key } = job;
  const { warehouse, runStartedAt } = context;
  // Without statistics of the load the planner would guess, and a small increment would scan all of staging; only the key is joined by.
  await warehouse.query(`analyze ${loadTable} (${columnList(key)})`);
  const updated = await warehouse.query(updateFromLoad(table, plan.columns, key, runStartedAt));
  const inserted = await warehouse
    .query(insertFromLoad(table, plan.columns, key, runStartedAt))
    .catch((error: unknown) => {
      throw explainKey(error, job);
    });
  return updated.rowCount + inserted.rowCount;
}
