import { sqlErrorDetails } from '../../adapter/index.js';
import { copyRows } from '../copy-rows.js';
import { sourceTableName, tableError } from '../errors.js';
import { copyIn, copyOut } from '../source-sql.js';
import { createStagingTable, finishStagingTable, stagingName } from '../staging-sql.js';
import type { CopyContext, CopyOutcome, TableJob } from '../table-job.js';

/** Creates the staging table and streams every row into it; key and statistics come after the rows, and no row is touched twice. */
export async function firstLoad(job: TableJob, context: CopyContext, limit: number | undefined): Promise<CopyOutcome> {
  const { table, plan, relation, key } = job;
  await context.warehouse.query(createStagingTable(table, plan, key, context.runStartedAt));
  const count = await copyRows(
    { session: context.source, sql: copyOut(relation, plan.columns, { limit, allowed: job.allowed }) },
    { session: context.warehouse, sql: copyIn(stagingName(table), plan.columns, true) },
    context.onBytes,
  ).catch((error: unknown) => {
    throw explainKey(error, job);
  });
  await context.warehouse.query(finishStagingTable(table, key)).catch((error: unknown) => {
    throw explainKey(error, job);
  });
  await context.warehouse.query(`analyze ${stagingName(table)}`);
  return { ...count, written: count.rows, deleted: 0, isComplete: limit === undefined };
}

/** A key that is not one: duplicates or nulls at the source. */
export function explainKey(error: unknown, job: TableJob): unknown {
  const details = sqlErrorDetails(error);
  if (details?.sqlstate !== '23505' && details?.sqlstate !== '23502') return error;
  const what = details.sqlstate === '23505' ? 'is not unique' : 'has nulls';
  return tableError(job.table, job.manifest, {
    code: 'KEY',
    message: `its key (${job.key.join(', ')}) ${what} in ${sourceTableName(job.table)}: ${details.detail ?? details.message}`,
    hint: 'Name columns under extract: key: that tell every row apart.',
    cause: error,
  });
}
