/** The indexes of a relation ($1 oid). Columns: oid, name, definition, is_unique, is_primary, is_valid, is_clustered, is_replica_identity, constraint_name, constraint_definition, comment. */
export const indexesQuery = `
select i.indexrelid as oid,
       c.relname as name,
       pg_catalog.pg_get_indexdef(i.indexrelid) as definition,
       i.indisunique as is_unique,
       i.indisprimary as is_primary,
       i.indisvalid as is_valid,
       i.indisclustered as is_clustered,
       i.indisreplident as is_replica_identity,
       k.conname as constraint_name,
       pg_catalog.pg_get_constraintdef(k.oid) as constraint_definition,
       pg_catalog.obj_description(i.indexrelid, 'pg_class') as comment
from pg_catalog.pg_index i
join pg_catalog.pg_class c on c.oid = i.indexrelid
left join pg_catalog.pg_constraint k on k.conindid = i.indexrelid and k.conrelid = i.indrelid and k.contype in ('p', 'u', 'x')
where i.indrelid = $1::oid
order by 2`;

/** A row of {@link indexesQuery}. */
export interface IndexRow {
  readonly oid: number;
  readonly name: string;
  readonly definition: string;
  readonly is_unique: boolean;
  readonly is_primary: boolean;
  readonly is_valid: boolean;
  readonly is_clustered: boolean;
  readonly is_replica_identity: boolean;
  readonly constraint_name: string | null;
  readonly constraint_definition: string | null;
  readonly comment: string | null;
}
