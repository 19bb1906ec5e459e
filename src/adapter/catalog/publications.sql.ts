/** The publications that name a table ($1 oid) itself, as a query for a server version; row filters and column lists are of PostgreSQL 15 and later. Columns: name, owner, row_filter, columns. */
export function publicationsQuery(serverVersion: number): string {
  const [filter, columns] =
    serverVersion >= 150_000
      ? [
          'pg_catalog.pg_get_expr(r.prqual, r.prrelid)',
          `case when r.prattrs is not null then array(select a.attname::text from pg_catalog.pg_attribute a
           where a.attrelid = r.prrelid and a.attnum = any (r.prattrs::int2[]) order by a.attnum) end`,
        ]
      : ['null::text', 'null::text[]'];
  return `
select p.pubname as name, pg_catalog.pg_get_userbyid(p.pubowner) as owner, ${filter} as row_filter, ${columns} as columns
from pg_catalog.pg_publication_rel r
join pg_catalog.pg_publication p on p.oid = r.prpubid
where r.prrelid = $1::oid
order by 1`;
}

/** A row of {@link publicationsQuery}. */
export interface PublicationRow {
  readonly name: string;
  readonly owner: string;
  readonly row_filter: string | null;
  readonly columns: readonly string[] | null;
}
