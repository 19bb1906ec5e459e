/** The columns of the relations whose schemas are $1 and names $2 (text[], side by side), in order. Columns: schema, relation, name, data_type, not_null. */
export const columnsQuery = `
select wanted.schema,
       wanted.relation,
       a.attname as name,
       pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type,
       a.attnotnull as not_null
from unnest($1::text[], $2::text[]) as wanted (schema, relation)
join pg_catalog.pg_namespace n on n.nspname = wanted.schema
join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = wanted.relation
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
order by 1, 2, a.attnum`;

/** A row of {@link columnsQuery}. */
export interface ColumnRow {
  readonly schema: string;
  readonly relation: string;
  readonly name: string;
  readonly data_type: string;
  readonly not_null: boolean;
}
