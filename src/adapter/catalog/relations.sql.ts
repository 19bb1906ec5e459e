/** Every relation of the schemas in $1 (text[]), and a row without a name for a schema that is empty. Columns: schema, name, type, oid, owner. */
export const relationsQuery = `
select n.nspname as schema,
       c.relname as name,
       case c.relkind when 'v' then 'view' when 'm' then 'materialized_view' when 'f' then 'external' else 'table' end as type,
       c.oid,
       pg_catalog.pg_get_userbyid(c.relowner) as owner
from pg_catalog.pg_namespace n
left join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relkind in ('r', 'p', 'v', 'm', 'f')
where n.nspname = any ($1::text[])
order by 1, 2`;

/** A row of {@link relationsQuery}. */
export interface RelationRow {
  readonly schema: string;
  readonly name: string | null;
  readonly type: 'table' | 'view' | 'materialized_view' | 'external';
  readonly oid: number | null;
  readonly owner: string | null;
}
