/** The row security policies of a table ($1 oid). Columns: name, permissive, command, roles (`public` or quoted names), using_expression, check_expression. */
export const policiesQuery = `
select p.polname as name,
       p.polpermissive as permissive,
       case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end as command,
       array(select case when r = 0 then 'public' else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(r)) end
             from unnest(p.polroles) as r) as roles,
       pg_catalog.pg_get_expr(p.polqual, p.polrelid) as using_expression,
       pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) as check_expression
from pg_catalog.pg_policy p
where p.polrelid = $1::oid
order by 1`;

/** A row of {@link policiesQuery}. */
export interface PolicyRow {
  readonly name: string;
  readonly permissive: boolean;
  readonly command: 'select' | 'insert' | 'update' | 'delete' | 'all';
  readonly roles: readonly string[];
  readonly using_expression: string | null;
  readonly check_expression: string | null;
}
