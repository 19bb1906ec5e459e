import type { Session } from '../types/index.js';

/** How current a staging table is; times as the session writes them. */
export interface SourceSync {
  readonly stagingSchema: string;
  readonly stagingTable: string;
  readonly sourceId: string;
  /** Start of the run that last copied it. */
  readonly syncedAt: string;
  /** What the source's own clock said at the last extraction in which all of its tables arrived, or null. */
  readonly clock: string | null;
}

const query = `
select w.staging_schema as "stagingSchema", w.staging_table as "stagingTable", w.source_id as "sourceId",
       w.last_run_at as "syncedAt", c.clock
from chemflow.watermarks w
left join chemflow.source_clocks c
    on c.staging_schema = w.staging_schema and c.source_name = split_part(w.source_id, '.', 3)
order by w.staging_schema collate "C", w.staging_table collate "C"`;

/** How current each staging table is, as the session's snapshot sees it. */
export async function readSourceSyncs(session: Session): Promise<readonly SourceSync[]> {
  return await session.rows<SourceSync>(query);
}
