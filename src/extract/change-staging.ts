import { sqlErrorDetails } from '../adapter/index.js';
import { quoteIdentifier } from '../util/sql-text.js';
import type { StagingChange } from './column-plan.js';
import { tableError } from './errors.js';
import { changeStagingTable, columnList, stagingName } from './staging-sql.js';
import { putViewsBack, setViewsAside } from './staging-views.js';
import type { CopyContext, TableJob } from './table-job.js';

/** Brings the staging table that there is to what the source and sources.yml now ask for. What staging alone remembers is never dropped. */
export async function changeStaging(job: TableJob, context: CopyContext): Promise<void> {
  if (job.staging === undefined) return;
  for (const change of job.plan.changes) {
    await makeChange(job, context, change).catch((error: unknown) => {
      throw explainChange(error, job, change);
    });
  }
  if (job.staging.key.join('\0') === job.key.join('\0')) return;
  const drop = job.staging.keyName === null ? [] : [`drop constraint ${quoteIdentifier(job.staging.keyName)}`];
  const add = job.key.length === 0 ? [] : [`add primary key (${columnList(job.key)})`];
  await context.warehouse.query(`alter table ${stagingName(job.table)} ${[...drop, ...add].join(', ')}`);
}

async function makeChange(job: TableJob, { warehouse }: CopyContext, change: StagingChange): Promise<void> {
  const views = change.kind === 'alter' ? await setViewsAside(warehouse, job.table, change.column) : [];
  await warehouse.query(changeStagingTable(job.table, change));
  await putViewsBack(warehouse, views);
}

function explainChange(error: unknown, job: TableJob, change: StagingChange): unknown {
  const details = sqlErrorDetails(error);
  if (details === undefined || change.kind === 'add') return error;
  // 0A000: a rule or materialized view reads the column; 2BP01: something stands on a view that changes with it; 42883: a view's query does not fit the new type.
  const isReadByView = ['0A000', '2BP01', '42883'].includes(details.sqlstate);
  return tableError(job.table, job.manifest, {
    code: 'SOURCE_DRIFT',
    message: `column ${change.column} is now ${change.type} at the source, and staging’s ${change.from} cannot be changed to it: ${details.message}.`,
    hint: isReadByView
      ? `Drop what reads ${stagingName(job.table)}.${quoteIdentifier(change.column)} (${details.detail ?? 'a view'}); the run makes its own views again.`
      : `Exclude the column in sources.yml, or drop ${stagingName(job.table)}, which the next run fills again.`,
    cause: error,
  });
}
