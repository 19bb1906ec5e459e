/**
 * The columns of the relation with oid $1, and what each is made of: a row a step from the column's own type through domains and an array's elements
 * to the type at the bottom. Columns: position, name, data_type, is_collated, step, type_oid, type_modifier, is_array, is_plain (a pg_catalog type).
 */
export const columnsQuery = `
with recursive steps as (
    select a.attnum as position, a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type,
           a.attcollation <> 0 as is_collated, 0 as step, a.atttypid as type_oid, a.atttypmod as type_modifier
    from pg_catalog.pg_attribute a
    where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped
    union all
    select s.position, s.name, s.data_type, s.is_collated, s.step + 1,
           case when t.typtype = 'd' then t.typbasetype else t.typelem end,
           case when t.typtype = 'd' and s.type_modifier = -1 then t.typtypmod else s.type_modifier end
    from steps s
    join pg_catalog.pg_type t on t.oid = s.type_oid
    left join pg_catalog.pg_type e on e.oid = t.typelem
    where t.typtype = 'd' or (e.typarray = t.oid and e.typdelim = ',')
)
select s.position::int4 as position, s.name, s.data_type, s.is_collated, s.step, s.type_oid::int4 as type_oid, s.type_modifier,
       t.typtype <> 'd' and coalesce(e.typarray = t.oid and e.typdelim = ',', false) as is_array
from steps s
join pg_catalog.pg_type t on t.oid = s.type_oid
left join pg_catalog.pg_type e on e.oid = t.typelem
order by s.position, s.step`;

/** A row of {@link columnsQuery}. */
export interface ColumnStep {
  readonly position: number;
  readonly name: string;
  readonly data_type: string;
  readonly is_collated: boolean;
  readonly step: number;
  readonly type_oid: number;
  readonly type_modifier: number;
  readonly is_array: boolean;
}
