/**
 * What a relation ($1 oid) has of its own besides columns and indexes. Columns: oid, kind (pg_class.relkind), owner, persistence, replica_identity (`d`, `n`, `f`, `i`),
 * replica_identity_index, has_row_security, forces_row_security, options, tablespace, row_estimate, is_populated.
 */
export const tablePropertiesQuery = `
select c.oid,
       c.relkind::text as kind,
       pg_catalog.pg_get_userbyid(c.relowner) as owner,
       c.relpersistence::text as persistence,
       c.relreplident::text as replica_identity,
       (select x.relname from pg_catalog.pg_index i join pg_catalog.pg_class x on x.oid = i.indexrelid
        where i.indrelid = c.oid and i.indisreplident) as replica_identity_index,
       c.relrowsecurity as has_row_security,
       c.relforcerowsecurity as forces_row_security,
       coalesce(c.reloptions, '{}'::text[]) as options,
       s.spcname as tablespace,
       c.reltuples as row_estimate,
       c.relispopulated as is_populated
from pg_catalog.pg_class c
left join pg_catalog.pg_tablespace s on s.oid = c.reltablespace
where c.oid = $1::oid`;

/** A row of {@link tablePropertiesQuery}. */
export interface TablePropertiesRow {
  readonly oid: number;
  readonly kind: 'r' | 'p' | 'v' | 'm' | 'f';
  readonly owner: string;
  readonly persistence: 'p' | 'u' | 't';
  readonly replica_identity: 'd' | 'n' | 'f' | 'i';
  readonly replica_identity_index: string | null;
  readonly has_row_security: boolean;
  readonly forces_row_security: boolean;
  readonly options: readonly string[];
  readonly tablespace: string | null;
  readonly row_estimate: number;
  readonly is_populated: boolean;
}
