import type { BuildContext } from '../materializations/index.js';
import type { MacroValue } from '../types/index.js';

/** Privileges with the roles that have them, as `grants:` is written. */
type GrantTable = ReadonlyMap<string, readonly string[]>;

function configured(context: BuildContext): GrantTable {
  return new Map(
    Object.entries(context.node.config.grants).map(([privilege, grantees]) => [
      privilege.toLowerCase(),
      (Array.isArray(grantees) ? grantees : [grantees]).map(String),
    ]),
  );
}

async function standing(context: BuildContext): Promise<GrantTable> {
  const rows = await context.session.rows<{ privilege: string; grantee: string }>(
    `select lower(x.privilege_type) as privilege, coalesce(r.rolname, 'public') as grantee
from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) x left join pg_roles r on r.oid = x.grantee
where n.nspname = $1 and c.relname = $2 and x.grantee <> c.relowner`,
    [context.relation.schema, context.relation.identifier],
  );
  const table = new Map<string, string[]>();
  for (const { privilege, grantee } of rows) table.set(privilege, [...(table.get(privilege) ?? []), grantee]);
  return table;
}

/** Statements after which each privilege that the configuration names is held by exactly the roles that it names; privileges that it does not name stay as they are. */
export async function grantStatements(context: BuildContext): Promise<string[]> {
  const wanted = configured(context);
  const present = await standing(context);
  const statements: string[] = [];
  for (const [privilege, grantees] of wanted) {
    const now = present.get(privilege) ?? [];
    const lacking = grantees.filter((grantee) => !now.includes(grantee));
    const surplus = now.filter((grantee) => !grantees.includes(grantee));
    if (surplus.length > 0) statements.push(await dclText(context, 'get_revoke_sql', privilege, surplus));
    if (lacking.length > 0) statements.push(await dclText(context, 'get_grant_sql', privilege, lacking));
  }
  return statements;
}

async function dclText(
  context: BuildContext,
  macro: string,
  privilege: string,
  grantees: readonly string[],
): Promise<string> {
  const args: readonly MacroValue[] = [{ $relation: context.relation }, privilege, grantees];
  return String(await context.renderer.callMacro(context.node.unique_id, macro, args)).trim();
}
