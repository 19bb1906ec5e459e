/** Extended statistics of a table ($1 oid). Columns: schema, name, owner, definition (a CREATE STATISTICS statement), target (-1: default). */
export const statisticsQuery = `
select n.nspname as schema,
       s.stxname as name,
       pg_catalog.pg_get_userbyid(s.stxowner) as owner,
       pg_catalog.pg_get_statisticsobjdef(s.oid) as definition,
       coalesce((pg_catalog.to_jsonb(s) ->> 'stxstattarget')::int4, -1) as target
from pg_catalog.pg_statistic_ext s
join pg_catalog.pg_namespace n on n.oid = s.stxnamespace
where s.stxrelid = $1::oid
order by 1, 2`;

/** A row of {@link statisticsQuery}. */
export interface StatisticsRow {
  readonly schema: string;
  readonly name: string;
  readonly owner: string;
  readonly definition: string;
  readonly target: number;
}
