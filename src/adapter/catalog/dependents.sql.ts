/**
 * The views and materialized views that read a relation ($1 oid), directly or through others, nearest first.
 * Columns: oid, schema, name, type, owner, definition (its query), options, depth (1: reads it directly), columns
 * (of the relation, that it reads itself; empty for a deeper one or one that reads no column).
 */
export const dependentsQuery = `
with recursive edges as (
    select distinct r.ev_class as reader, d.refobjid as read
    from pg_catalog.pg_depend d
    join pg_catalog.pg_rewrite r on r.oid = d.objid
    where d.classid = 'pg_catalog.pg_rewrite'::regclass
      and d.refclassid = 'pg_catalog.pg_class'::regclass
      and r.ev_class <> d.refobjid
), readers as (
    select reader, 1 as depth from edges where read = $1::oid
    union
    select edges.reader, readers.depth + 1 from readers join edges on edges.read = readers.reader
)
select c.oid,
       n.nspname as schema,
       c.relname as name,
       case c.relkind when 'm' then 'materialized_view' when 'v' then 'view' else 'table' end as type,
       pg_catalog.pg_get_userbyid(c.relowner) as owner,
       case when c.relkind in ('v', 'm') then pg_catalog.pg_get_viewdef(c.oid) end as definition,
       coalesce(c.reloptions, '{}'::text[]) as options,
       max(readers.depth)::int4 as depth,
       array(select distinct a.attname::text
             from pg_catalog.pg_rewrite r
             join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::regclass and d.objid = r.oid
             join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
             where r.ev_class = c.oid and d.refclassid = 'pg_catalog.pg_class'::regclass
               and d.refobjid = $1::oid and d.refobjsubid > 0
             order by 1) as columns
from readers
join pg_catalog.pg_class c on c.oid = readers.reader
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
group by c.oid, n.nspname, c.relname, c.relkind, c.relowner, c.reloptions
order by depth, schema, name`;

/** A row of {@link dependentsQuery}. `table` is a table with a rule of its own that reads the relation. */
export interface DependentRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly type: 'view' | 'materialized_view' | 'table';
  readonly owner: string;
  readonly definition: string | null;
  readonly options: readonly string[];
  readonly depth: number;
  readonly columns: readonly string[];
}
