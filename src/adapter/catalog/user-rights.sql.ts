/**
 * What the connected user may do in the database. Columns: is_superuser, may_create_schema, may_create_database, is_standby, reads_all_stats,
 * writable_tables (tables outside the system's schemas that it may change), tables, version, clock.
 */
export const userRightsQuery = `
select r.rolsuper as is_superuser,
       pg_catalog.has_database_privilege(current_database(), 'create') as may_create_schema,
       r.rolcreatedb or r.rolsuper as may_create_database,
       pg_catalog.pg_is_in_recovery() as is_standby,
       pg_catalog.pg_has_role('pg_read_all_stats', 'member') as reads_all_stats,
       t.writable::int4 as writable_tables,
       t.tables::int4 as tables,
       pg_catalog.current_setting('server_version') as version,
       pg_catalog.clock_timestamp() as clock
from pg_catalog.pg_roles r
cross join (
    select count(*) as tables,
           count(*) filter (where pg_catalog.has_table_privilege(c.oid, 'insert, update, delete, truncate')) as writable
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
) t
where r.rolname = current_user`;

/** A row of {@link userRightsQuery}. */
export interface UserRightsRow {
  readonly is_superuser: boolean;
  readonly may_create_schema: boolean;
  readonly may_create_database: boolean;
  readonly is_standby: boolean;
  readonly reads_all_stats: boolean;
  readonly writable_tables: number;
  readonly tables: number;
  readonly version: string;
  readonly clock: string;
}
