/** Foreign keys of other tables that refer to a relation ($1 oid). Columns: name, schema, table, owner, definition. */
export const incomingForeignKeysQuery = `
select k.conname as name,
       n.nspname as schema,
       c.relname as "table",
       pg_catalog.pg_get_userbyid(c.relowner) as owner,
       pg_catalog.pg_get_constraintdef(k.oid) as definition
from pg_catalog.pg_constraint k
join pg_catalog.pg_class c on c.oid = k.conrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where k.contype = 'f' and k.confrelid = $1::oid and k.conrelid <> $1::oid and k.conparentid = 0
order by 2, 3, 1`;

/** A row of {@link incomingForeignKeysQuery}. */
export interface IncomingForeignKeyRow {
  readonly name: string;
  readonly schema: string;
  readonly table: string;
  readonly owner: string;
  readonly definition: string;
}
