import type { Session, Watermark } from '../types/index.js';

const readAll = `
select staging_schema, staging_table, source_id, system_identifier, database_oid, database_name, source_table, incarnation,
       horizon::text as horizon, cursor, key, columns, last_full_at, last_run_at, last_run_id
from chemflow.watermarks
where staging_schema = $1`;

const write = `
insert into chemflow.watermarks (staging_schema, staging_table, source_id, system_identifier, database_oid, database_name,
    source_table, horizon, cursor, key, columns, last_full_at, last_run_at, last_run_id, incarnation)
values ($1, $2, $3, $4, $5, $6, $7, $8::text::xid8, $9, $10, $11, $12, $13, $14, $15)
on conflict (staging_schema, staging_table) do update
set (source_id, system_identifier, database_oid, database_name, source_table, horizon, cursor, key, columns, last_full_at, last_run_at, last_run_id, incarnation)
  = (excluded.source_id, excluded.system_identifier, excluded.database_oid, excluded.database_name, excluded.source_table, excluded.horizon,
     excluded.cursor, excluded.key, excluded.columns, excluded.last_full_at, excluded.last_run_at, excluded.last_run_id,
     excluded.incarnation)`;

interface WatermarkRow {
  readonly staging_schema: string;
  readonly staging_table: string;
  readonly source_id: string;
  readonly system_identifier: string | null;
  readonly database_oid: string;
  readonly database_name: string;
  readonly source_table: string;
  readonly horizon: string | null;
  readonly cursor: string | null;
  readonly key: readonly string[];
  readonly columns: Watermark['columns'];
  readonly incarnation: string;
  readonly last_full_at: string;
  readonly last_run_at: string;
  readonly last_run_id: string;
}

/** The watermarks of a staging schema, by table name. */
export async function readWatermarks(session: Session, stagingSchema: string): Promise<ReadonlyMap<string, Watermark>> {
  const rows = await session.rows<WatermarkRow>(readAll, [stagingSchema]);
  return new Map(rows.map((row) => [row.staging_table, toWatermark(row)]));
}

/** Writes a watermark in the session's transaction. */
export async function writeWatermark(session: Session, watermark: Watermark): Promise<void> {
  await session.query(write, [
    watermark.stagingSchema,
    watermark.stagingTable,
    watermark.sourceId,
    watermark.fingerprint.systemIdentifier,
    watermark.fingerprint.databaseOid,
    watermark.fingerprint.databaseName,
    watermark.sourceTable,
    watermark.horizon,
    watermark.cursor,
    watermark.key,
    JSON.stringify(watermark.columns),
    watermark.lastFullAt.toISOString(),
    watermark.lastRunAt.toISOString(),
    watermark.lastRunId,
    watermark.incarnation,
  ]);
}

function toWatermark(row: WatermarkRow): Watermark {
  return {
    stagingSchema: row.staging_schema,
    stagingTable: row.staging_table,
    sourceId: row.source_id,
    fingerprint: {
      systemIdentifier: row.system_identifier,
      databaseOid: row.database_oid,
      databaseName: row.database_name,
    },
    sourceTable: row.source_table,
    incarnation: row.incarnation,
    horizon: row.horizon,
    cursor: row.cursor,
    key: row.key,
    columns: row.columns,
    lastFullAt: new Date(row.last_full_at),
    lastRunAt: new Date(row.last_run_at),
    lastRunId: row.last_run_id,
  };
}
