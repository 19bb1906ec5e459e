import type { Session } from '../../types/index.js';
import { olderReadersOf } from './readers.js';

/** A view or materialized view that reads a relation. */
export interface DependentView {
  readonly oid: string;
  readonly kind: 'view' | 'materialized_view';
  readonly schema: string;
  readonly name: string;
  readonly owner: string;
  /** May the session's user replace it? */
  readonly mayRemake: boolean;
  /** The query of a view with every name qualified; null for a materialized one, which is built from what is read of itself. */
  readonly definition: string | null;
  readonly options: readonly string[];
  /** The columns of the relation that it reads. */
  readonly columns: readonly string[];
}

/** Anything else that hangs on a relation, in PostgreSQL's words. */
export interface OtherDependent {
  readonly description: string;
  /** Columns of the relation that an incoming foreign key refers to. */
  readonly referencedColumns: readonly string[] | null;
}

/** A right on a relation or one of its columns; a null grantee is PUBLIC. */
export interface Grant {
  readonly grantee: string | null;
  readonly privilege: string;
  readonly grantable: boolean;
}

/** A column with what hangs on it. */
export interface InspectedColumn {
  readonly name: string;
  readonly type: string;
  readonly comment: string | null;
  readonly grants: readonly Grant[];
  readonly statistics: number | null;
}

/** An index as it stands. */
export interface InspectedIndex {
  readonly name: string;
  readonly definition: string;
  /** Can REFRESH ... CONCURRENTLY use it: unique, whole, on plain columns? */
  readonly identifiesRows: boolean;
}

/** All that a relation is and that hangs on it, read in one query. */
export interface InspectedRelation {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly kind: 'table' | 'view' | 'materialized_view' | 'other';
  readonly owner: string;
  readonly currentUser: string;
  readonly mayOwn: boolean;
  readonly unlogged: boolean;
  readonly populated: boolean;
  /** The query of a view or materialized view, where it was asked for: printing one takes longer than all the rest. */
  readonly definition: string | null;
  readonly options: readonly string[];
  readonly comment: string | null;
  readonly rowSecurity: boolean;
  readonly forceRowSecurity: boolean;
  readonly replicaIdentity: 'd' | 'n' | 'f' | 'i';
  readonly hasOwnGrants: boolean;
  readonly grants: readonly Grant[];
  readonly columns: readonly InspectedColumn[];
  readonly indexes: readonly InspectedIndex[];
  /** Statements that make the policies, triggers, rules and statistics again, on the name that the relation has. */
  readonly remakes: readonly string[];
  readonly publications: readonly string[];
  /** Sessions of other programs whose snapshot is older than the relation, in words. */
  readonly olderReaders: readonly string[];
  readonly views: readonly DependentView[];
  readonly others: readonly OtherDependent[];
}

const relationKind = (column: string): string =>
  `case ${column} when 'r' then 'table' when 'p' then 'table' when 'v' then 'view' when 'm' then 'materialized_view' else 'other' end`;

const grantList = (acl: string): string =>
  `(select coalesce(jsonb_agg(jsonb_build_object('grantee', r.rolname, 'privilege', x.privilege_type, 'grantable', x.is_grantable)), '[]')
    from aclexplode(${acl}) x left join pg_roles r on r.oid = x.grantee where x.grantee <> c.relowner)`;

/** The statements that put a relation's publication memberships back; row filters and column lists exist from PostgreSQL 15 on. */
function publicationList(serverVersion: number): string {
  const extent =
    serverVersion >= 150000
      ? `coalesce((select ' (' || string_agg(quote_ident(a.attname), ', ' order by a.attnum) || ')' from pg_attribute a where a.attrelid = c.oid and a.attnum = any (pr.prattrs)), '')
         || coalesce(' where (' || pg_get_expr(pr.prqual, pr.prrelid) || ')', '')`
      : `''`;
  return `(select coalesce(jsonb_agg(format('alter publication %I add table only %I.%I', p.pubname, n.nspname, c.relname) || ${extent}), '[]')
    from pg_publication_rel pr join pg_publication p on p.oid = pr.prpubid where pr.prrelid = c.oid)`;
}

/** What hangs on the relation `c` beside views, as FROM and WHERE: `d` is its row of pg_depend. */
const otherDependents = `from pg_depend d
    where d.deptype in ('n', 'a')
      and (d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid
        or d.refclassid = 'pg_type'::regclass and (d.refobjid = c.reltype or d.refobjid = (select t.typarray from pg_type t where t.oid = c.reltype)))
      and case d.classid
        when 'pg_rewrite'::regclass then exists (select from pg_rewrite r join pg_class v on v.oid = r.ev_class
          where r.oid = d.objid and r.ev_class <> c.oid and v.relkind not in ('v', 'm'))
        when 'pg_constraint'::regclass then exists (select from pg_constraint k where k.oid = d.objid and k.conrelid <> c.oid)
        when 'pg_trigger'::regclass then exists (select from pg_trigger t where t.oid = d.objid and t.tgrelid <> c.oid and not t.tgisinternal)
        when 'pg_policy'::regclass then exists (select from pg_policy p where p.oid = d.objid and p.polrelid <> c.oid)
        when 'pg_attrdef'::regclass then exists (select from pg_attrdef f where f.oid = d.objid and f.adrelid <> c.oid)
        when 'pg_class'::regclass then exists (select from pg_class o where o.oid = d.objid and o.relkind not in ('i', 'I', 't', 'S', 'c'))
        when 'pg_statistic_ext'::regclass then false
        when 'pg_publication_rel'::regclass then false
        else true end`;

/**
 * The query that reads an {@link InspectedRelation} for each oid of $1 as JSON. It must run with an empty search_path (see {@link qualifyingNames}),
 * or the definitions in it name relations without their schemas.
 */
function inspectQuery(serverVersion: number): string {
  return `select jsonb_build_object(
  'oid', c.oid::text, 'schema', n.nspname, 'name', c.relname, 'kind', ${relationKind('c.relkind')},
  'owner', pg_get_userbyid(c.relowner), 'currentUser', current_user, 'mayOwn', pg_has_role(c.relowner, 'USAGE'),
  'unlogged', c.relpersistence = 'u', 'populated', c.relispopulated,
  'definition', case when $2 and c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end,
  'options', coalesce(to_jsonb(c.reloptions), '[]'), 'comment', obj_description(c.oid, 'pg_class'),
  'rowSecurity', c.relrowsecurity, 'forceRowSecurity', c.relforcerowsecurity, 'replicaIdentity', c.relreplident,
  'hasOwnGrants', c.relacl is not null, 'grants', ${grantList('c.relacl')},
  'columns', (select coalesce(jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
      'comment', m.description, 'grants', case when a.attacl is null then '[]' else ${grantList('a.attacl')} end,
      'statistics', nullif(a.attstattarget, -1)) order by a.attnum), '[]')
    from pg_attribute a left join pg_description m on m.objoid = c.oid and m.classoid = 'pg_class'::regclass and m.objsubid = a.attnum
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
  'indexes', (select coalesce(jsonb_agg(jsonb_build_object('name', ic.relname, 'definition', pg_get_indexdef(i.indexrelid),
      'identifiesRows', i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null and i.indimmediate) order by ic.relname), '[]')
    from pg_index i join pg_class ic on ic.oid = i.indexrelid where i.indrelid = c.oid),
  'remakes', (select coalesce(jsonb_agg(statement order by position, statement), '[]') from (
      select 1 as position, format('create policy %I on %I.%I as %s for %s to %s', p.polname, n.nspname, c.relname,
          case when p.polpermissive then 'permissive' else 'restrictive' end,
          case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
          (select string_agg(case when role = 0 then 'public' else quote_ident(pg_get_userbyid(role)) end, ', ') from unnest(p.polroles) role))
        || coalesce(' using (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
        || coalesce(' with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '') as statement
      from pg_policy p where p.polrelid = c.oid
      union all
      select 2, pg_get_triggerdef(t.oid) || case t.tgenabled when 'O' then '' else format('; alter table %I.%I %s trigger %I', n.nspname, c.relname,
          case t.tgenabled when 'D' then 'disable' when 'R' then 'enable replica' else 'enable always' end, t.tgname) end
      from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal
      union all
      select 3, rtrim(pg_get_ruledef(r.oid), ';') from pg_rewrite r where r.ev_class = c.oid and r.rulename <> '_RETURN'
      union all
      select 4, format('drop statistics if exists %s.%I; ', quote_ident(sn.nspname), s.stxname) || pg_get_statisticsobjdef(s.oid)
      from pg_statistic_ext s join pg_namespace sn on sn.oid = s.stxnamespace where s.stxrelid = c.oid
    ) made),
  'publications', ${publicationList(serverVersion)},
  'olderReaders', (${olderReadersOf}),
  'views', (select coalesce(jsonb_agg(jsonb_build_object('oid', v.oid::text, 'kind', ${relationKind('v.relkind')}, 'schema', vn.nspname, 'name', v.relname,
      'owner', pg_get_userbyid(v.relowner), 'mayRemake', pg_has_role(v.relowner, 'USAGE'), 'definition', case v.relkind when 'v' then pg_get_viewdef(v.oid) end,
      'options', coalesce(to_jsonb(v.reloptions), '[]'), 'columns', d.columns) order by v.oid), '[]')
    from (select r.ev_class, coalesce(jsonb_agg(distinct a.attname) filter (where a.attname is not null), '[]') as columns
        from pg_depend d join pg_rewrite r on r.oid = d.objid
        left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid and d.refobjsubid > 0
        where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid and r.ev_class <> c.oid
        group by r.ev_class) d
    join pg_class v on v.oid = d.ev_class and v.relkind in ('v', 'm') join pg_namespace vn on vn.oid = v.relnamespace),
  'others', (select coalesce(jsonb_agg(distinct jsonb_build_object('description', pg_describe_object(d.classid, d.objid, 0),
      'referencedColumns', (select jsonb_agg(a.attname order by k.position) from pg_constraint f, unnest(f.confkey) with ordinality k(number, position)
        join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number where d.classid = 'pg_constraint'::regclass and f.oid = d.objid and f.contype = 'f'))), '[]')
    ${otherDependents})
) as inspected
from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = any ($1)`;
}

/** Put before statements that print definitions: every name in them is then qualified. Undone by {@link restoringNames} or the transaction's end. */
const qualifyingNames = `select set_config('chemflow.search_path', current_setting('search_path'), true), set_config('search_path', 'pg_catalog', true), set_config('plan_cache_mode', 'force_generic_plan', true)`;

/** Gives the transaction its search_path back. */
export const restoringNames = `select set_config('search_path', current_setting('chemflow.search_path'), true), set_config('plan_cache_mode', 'auto', true)`;

/** Sessions that have the inspection prepared: planning it takes ten times as long as running it. */
const preparedSessions = new WeakSet<Session>();

/**
 * Reads what the relations are and what hangs on them; `oids` are SQL expressions, `before` statements to send in the same round trip (`begin`, locks).
 * The names in the answer are qualified; in a transaction of the caller's the search_path is restored by {@link restoringNames}.
 */
export async function inspectRelations(
  session: Session,
  oids: readonly string[],
  before: readonly string[] = [],
  withDefinitions = false,
): Promise<InspectedRelation[]> {
  if (!preparedSessions.has(session)) {
    await session.query(`prepare chemflow_inspect (oid[], boolean) as ${inspectQuery(session.serverVersion)}`);
    preparedSessions.add(session);
  }
  const list = oids.map((oid) => `(${oid})::oid`).join(', ');
  const result = await session.query(
    [...before, qualifyingNames, `execute chemflow_inspect (array[${list}], ${withDefinitions})`].join(';\n'),
  );
  return result.rows.map(([json]) => JSON.parse(json ?? 'null') as InspectedRelation);
}

/** What hangs on a relation, by name. */
export interface KnownDependents {
  readonly views: readonly { readonly schema: string; readonly name: string }[];
  readonly hasOthers: boolean;
}

/** What hangs on each of the relations of these names that exist, by `schema.name`: one query for all of them. */
export async function dependentsByName(
  session: Session,
  names: readonly { readonly schema: string; readonly identifier: string }[],
): Promise<ReadonlyMap<string, KnownDependents>> {
  const rows = await session.rows<{ key: string } & KnownDependents>(
    `select n.nspname || '.' || c.relname as key, exists (select ${otherDependents}) as "hasOthers",
  (select coalesce(jsonb_agg(distinct jsonb_build_object('schema', vn.nspname, 'name', v.relname)), '[]')
    from pg_depend d join pg_rewrite r on r.oid = d.objid join pg_class v on v.oid = r.ev_class join pg_namespace vn on vn.oid = v.relnamespace
    where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid and v.oid <> c.oid) as views
from unnest($1::text[], $2::text[]) as wanted (schema, name)
join pg_namespace n on n.nspname = wanted.schema join pg_class c on c.relnamespace = n.oid and c.relname = wanted.name`,
    [names.map(({ schema }) => schema), names.map(({ identifier }) => identifier)],
  );
  return new Map(rows.map(({ key, views, hasOthers }) => [key, { views, hasOthers }]));
}
