/**
 * What hangs on a relation ($1 oid) besides views, its own parts and foreign keys: functions with an SQL body or a parameter of its row type, columns of that type,
 * partitions and children, defaults elsewhere. Columns: kind, description (PostgreSQL's words).
 */
export const otherDependentsQuery = `
select distinct
       pg_catalog.split_part(i.type, ' ', 1) as kind,
       pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) as description
from pg_catalog.pg_class c
join pg_catalog.pg_depend d
  on (d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid = c.oid)
  or (d.refclassid = 'pg_catalog.pg_type'::regclass and c.reltype <> 0
      and d.refobjid in (select t.oid from pg_catalog.pg_type t where t.oid = c.reltype or t.typelem = c.reltype))
cross join lateral pg_catalog.pg_identify_object(d.classid, d.objid, d.objsubid) as i
where c.oid = $1::oid
  and d.deptype = 'n'
  and d.classid not in ('pg_catalog.pg_rewrite'::regclass, 'pg_catalog.pg_policy'::regclass,
                        'pg_catalog.pg_trigger'::regclass, 'pg_catalog.pg_publication_rel'::regclass)
  and not (d.classid = 'pg_catalog.pg_constraint'::regclass
           and exists (select from pg_catalog.pg_constraint k where k.oid = d.objid and k.contype = 'f'))
  and not (d.classid = 'pg_catalog.pg_type'::regclass and d.refclassid = 'pg_catalog.pg_type'::regclass)
order by 1, 2`;

/** A row of {@link otherDependentsQuery}. */
export interface OtherDependentRow {
  readonly kind: string;
  readonly description: string;
}
