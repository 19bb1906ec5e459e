/** Privileges on a relation ($1 oid) and on its columns that others than its owner have. Columns: column (null: the relation), grantee, privilege, is_grantable, grantor. */
export const grantsQuery = `
select a."column", coalesce(g.rolname, 'public') as grantee, x.privilege_type as privilege,
       x.is_grantable, pg_catalog.pg_get_userbyid(x.grantor) as grantor
from (
    select c.relowner, null::name as "column", c.relacl as acl
    from pg_catalog.pg_class c where c.oid = $1::oid
    union all
    select c.relowner, t.attname, t.attacl
    from pg_catalog.pg_attribute t
    join pg_catalog.pg_class c on c.oid = t.attrelid
    where t.attrelid = $1::oid and t.attnum > 0 and not t.attisdropped and t.attacl is not null
) a
cross join lateral pg_catalog.aclexplode(a.acl) as x
left join pg_catalog.pg_roles g on g.oid = x.grantee
where x.grantee <> a.relowner
order by 1 nulls first, 2, 3`;

/** A row of {@link grantsQuery}; the grantee `public` is PUBLIC where no role has that name. */
export interface GrantRow {
  readonly column: string | null;
  readonly grantee: string;
  readonly privilege: string;
  readonly is_grantable: boolean;
  readonly grantor: string;
}
