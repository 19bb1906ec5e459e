/**
 * Other sessions of this database whose snapshot is older than transaction $1 (xid8 as text): after a rename they would see the renamed table empty.
 * Columns: pid, user, application, since, is_certain (false where the server hides another user's session: pg_read_all_stats shows it).
 */
export const oldSnapshotsQuery = `
select a.pid, a.usename as "user", a.application_name as application, a.xact_start as since,
       a.backend_xmin is not null as is_certain
from pg_catalog.pg_stat_activity a
where a.datid = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
  and a.pid <> pg_catalog.pg_backend_pid()
  and a.backend_type = 'client backend'
  and a.backend_xmin is not null
  and pg_catalog.age(a.backend_xmin) >= pg_catalog.age($1::xid8::xid)
order by 4`;

/** A row of {@link oldSnapshotsQuery}. */
export interface OldSnapshotRow {
  readonly pid: number;
  readonly user: string | null;
  readonly application: string;
  readonly since: string | null;
  readonly is_certain: boolean;
}
