import { quoteIdentifier } from '../util/sql-text.js';
import { hasTransactionHorizon } from './horizon.js';
import { sourceTableName } from './errors.js';
import { stagingName } from './staging-sql.js';
import type { CopyContext, CopyOutcome, TableJob } from './table-job.js';

/** Writes up to where staging now holds the source, in the transaction that wrote the rows. */
export async function writeWatermark(job: TableJob, context: CopyContext, outcome: CopyOutcome): Promise<void> {
  const { table, relation, snapshot, plan } = job;
  await context.state.setWatermark(context.warehouse, {
    stagingSchema: table.schema,
    stagingTable: table.identifier,
    sourceId: table.unique_id,
    fingerprint: snapshot.fingerprint,
    sourceTable: sourceTableName(table),
    incarnation: relation.incarnation,
    horizon: hasTransactionHorizon(relation) ? snapshot.horizon : null,
    cursor: await greatestCursor(job, context),
    key: job.key,
    columns: plan.columns.map(({ name, sourceType, position }) => ({ name, dataType: sourceType, position })),
    lastFullAt: outcome.isComplete ? context.runStartedAt : (job.watermark?.lastFullAt ?? context.runStartedAt),
    lastRunAt: context.runStartedAt,
    lastRunId: context.runId,
  });
}

/** Only asked where increments go by it: it costs a scan. Text, so that no digit of it is lost. */
async function greatestCursor(job: TableJob, context: CopyContext): Promise<string | null> {
  const { cursor, horizon } = job.table.extract ?? { cursor: null, horizon: 'transaction' };
  if (cursor === null || (horizon === 'transaction' && hasTransactionHorizon(job.relation))) return null;
  if (!job.plan.columns.some(({ name }) => name === cursor)) return null;
  const { rows } = await context.warehouse.query(
    `select max(${quoteIdentifier(cursor)})::text from ${stagingName(job.table)}`,
  );
  return rows[0]?.[0] ?? null;
}
