import type { LedgerEntry, Session } from '../types/index.js';

const insertEntry = `
insert into chemflow.extractions (run_id, run_started_at, source_id, staging_schema, staging_table, mode, horizon_before, horizon_after,
    range_start, range_end, rows_read, bytes, rows_written, rows_deleted)
values ($1, $2, $3, $4, $5, $6, $7::text::xid8, $8::text::xid8, $9, $10, $11, $12, $13, $14)`;

/** Adds one table's arrival to the ledger in the session's transaction. */
export async function recordExtraction(session: Session, entry: LedgerEntry): Promise<void> {
  await session.query(insertEntry, [
    entry.runId,
    entry.runStartedAt.toISOString(),
    entry.sourceId,
    entry.stagingSchema,
    entry.stagingTable,
    entry.mode,
    entry.horizonBefore,
    entry.horizonAfter,
    entry.rangeStart ?? null,
    entry.rangeEnd ?? null,
    entry.rowsRead,
    entry.bytes,
    entry.rowsWritten,
    entry.rowsDeleted,
  ]);
}
