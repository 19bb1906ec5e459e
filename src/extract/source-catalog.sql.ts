/**
 * Everything that is asked of a source's catalog, for the tables whose schemas are $1 and names $2 (text[], side by side), in one query: a row each,
 * in order, with null columns where there is no such table. `columns` is a JSON array of {@link SourceColumnRow}.
 */
export const sourceCatalogQuery = `
select w.schema,
       w.name,
       c.relkind::text as kind,
       c.reltuples::float8 as row_estimate,
       case
           when c.relkind = 'p' then (select sum(pg_catalog.pg_table_size(p.relid)) from pg_catalog.pg_partition_tree(c.oid) p where p.isleaf)
           when c.relkind in ('r', 'm') then pg_catalog.pg_table_size(c.oid)
       end::float8 as bytes,
       c.relhassubclass as has_children,
       pg_catalog.row_security_active(c.oid) as has_row_security,
       pg_catalog.has_schema_privilege(n.oid, 'usage') as has_schema_usage,
       pg_catalog.md5(c.oid::text || coalesce((
           with recursive children as (
               select i.inhrelid from pg_catalog.pg_inherits i where i.inhparent = c.oid
               union all
               select i.inhrelid from children join pg_catalog.pg_inherits i on i.inhparent = children.inhrelid
           )
           select ',' || string_agg(inhrelid::text, ',' order by inhrelid) from children), '')) as incarnation,
       array(select a.attname::text
             from pg_catalog.pg_index i
             cross join lateral unnest(i.indkey::int2[]) with ordinality as k (attnum, place)
             join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
             where i.indrelid = c.oid and i.indisprimary
             order by k.place) as primary_key,
       (select jsonb_agg(jsonb_build_object(
                   'name', a.attname,
                   'position', a.attnum,
                   'dataType', pg_catalog.format_type(a.atttypid, a.atttypmod),
                   'typeName', pg_catalog.format_type(a.atttypid, null),
                   'bareName', coalesce(e.typname, t.typname),
                   'isArray', e.oid is not null,
                   'isBuiltin', t.oid < 16384 and t.typnamespace = 'pg_catalog'::regnamespace
                                and coalesce(e.typtype, t.typtype) in ('b', 'r', 'm')
                                and coalesce(e.typname, t.typname) not like 'reg%',
                   'extension', (select x.extname from pg_catalog.pg_depend d join pg_catalog.pg_extension x on x.oid = d.refobjid
                                 where d.classid = 'pg_catalog.pg_type'::regclass and d.objid = coalesce(e.oid, t.oid)
                                   and d.refclassid = 'pg_catalog.pg_extension'::regclass and d.deptype = 'e'),
                   'notNull', a.attnotnull,
                   'isGenerated', a.attgenerated <> '',
                   'isReadable', pg_catalog.has_column_privilege(c.oid, a.attnum, 'select')
               ) order by a.attnum)
        from pg_catalog.pg_attribute a
        join pg_catalog.pg_type t on t.oid = a.atttypid
        left join pg_catalog.pg_type e on e.oid = t.typelem and t.typcategory = 'A'
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
from unnest($1::text[], $2::text[]) with ordinality as w (schema, name, place)
left join pg_catalog.pg_namespace n on n.nspname = w.schema
left join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = w.name and c.relkind in ('r', 'p', 'v', 'm', 'f')
order by w.place`;

/** A column of a source table. */
export interface SourceColumn {
  readonly name: string;
  /** pg_attribute.attnum: another column of the same name has another one. */
  readonly position: number;
  /** With its modifier: `character varying(20)`. */
  readonly dataType: string;
  /** Without it: `character varying`. */
  readonly typeName: string;
  /** The (element) type's name in pg_type. */
  readonly bareName: string;
  readonly isArray: boolean;
  /** A type of PostgreSQL's own that means the same on every server. */
  readonly isBuiltin: boolean;
  /** The extension that the type comes from. */
  readonly extension: string | null;
  readonly notNull: boolean;
  readonly isGenerated: boolean;
  readonly isReadable: boolean;
}

/** A row of {@link sourceCatalogQuery}. */
export interface SourceRelation {
  readonly schema: string;
  readonly name: string;
  /** pg_class.relkind, null where there is no such table. */
  readonly kind: 'r' | 'p' | 'v' | 'm' | 'f' | null;
  readonly row_estimate: number | null;
  readonly bytes: number | null;
  readonly has_children: boolean | null;
  /** Are rows hidden from the user by policies? */
  readonly has_row_security: boolean | null;
  readonly has_schema_usage: boolean | null;
  readonly incarnation: string;
  readonly primary_key: readonly string[];
  readonly columns: readonly SourceColumn[] | null;
}
