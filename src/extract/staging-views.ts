import { sqlErrorDetails } from '../adapter/index.js';
import type { Session } from '../types/index.js';
import { quoteIdentifier } from '../util/sql-text.js';

/** A view that reads a column of a staging table, as it stood before the column changed. */
export interface SetAsideView {
  readonly name: string;
  readonly options: readonly string[];
  readonly definition: string;
  /** Statements that give a view of this name its owner, rights and comments. */
  readonly remakes: readonly string[];
}

interface ViewRow {
  readonly schema: string;
  readonly name: string;
  readonly definition: string;
  readonly options: readonly string[];
  readonly remakes: readonly string[];
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

const readersQuery = `
select n.nspname as schema, c.relname as name, pg_catalog.pg_get_viewdef(c.oid) as definition,
       coalesce(c.reloptions, '{}') as options,
       array[pg_catalog.format('alter view %I.%I owner to %I', n.nspname, c.relname, pg_catalog.pg_get_userbyid(c.relowner))]
       || array(select pg_catalog.format('grant %s on %I.%I to %s%s', x.privilege_type, n.nspname, c.relname,
                       coalesce(pg_catalog.quote_ident(g.rolname), 'public'), case when x.is_grantable then ' with grant option' else '' end)
                from pg_catalog.aclexplode(c.relacl) x left join pg_catalog.pg_roles g on g.oid = x.grantee
                where x.grantee <> c.relowner)
       || array(select pg_catalog.format('comment on %s is %L',
                       case when m.objsubid = 0 then pg_catalog.format('view %I.%I', n.nspname, c.relname)
                            else pg_catalog.format('column %I.%I.%I', n.nspname, c.relname, a.attname) end, m.description)
                from pg_catalog.pg_description m left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = m.objsubid and m.objsubid > 0
                where m.classoid = 'pg_catalog.pg_class'::regclass and m.objoid = c.oid) as remakes,
       (select jsonb_agg(jsonb_build_object('name', a.attname, 'type', pg_catalog.format_type(a.atttypid, a.atttypmod)) order by a.attnum)
        from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0) as columns
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'v'
  and pg_catalog.pg_has_role(c.relowner, 'MEMBER')
  and c.oid in (
    select r.ev_class
    from pg_catalog.pg_depend d
    join pg_catalog.pg_rewrite r on r.oid = d.objid
    join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
    join pg_catalog.pg_class t on t.oid = d.refobjid
    join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
    where d.classid = 'pg_catalog.pg_rewrite'::regclass and d.refclassid = 'pg_catalog.pg_class'::regclass
      and tn.nspname = $1 and t.relname = $2 and a.attname = $3
  )`;

/**
 * Takes the views that read a column off it, so that its type can change: each keeps its columns, owner, rights and what stands on it, but reads nothing
 * until {@link putViewsBack}, in the same transaction. PostgreSQL changes no type under a view. Materialized views and views of others are left, and stop the change.
 */
export async function setViewsAside(
  session: Session,
  table: { readonly schema: string; readonly identifier: string },
  column: string,
): Promise<readonly SetAsideView[]> {
  const path = (await session.query(`select pg_catalog.current_setting('search_path')`)).rows[0]?.[0] ?? '';
  // A definition names in full only what the search path does not lead to.
  await session.query(`select pg_catalog.set_config('search_path', '', true)`);
  const readers = await session.rows<ViewRow>(readersQuery, [table.schema, table.identifier, column]);
  await session.query(`select pg_catalog.set_config('search_path', $1, true)`, [path]);
  const views: SetAsideView[] = [];
  for (const reader of readers) {
    const view = {
      name: `${quoteIdentifier(reader.schema)}.${quoteIdentifier(reader.name)}`,
      options: reader.options,
      definition: reader.definition,
      remakes: reader.remakes,
    };
    const columns = reader.columns.map(({ name, type }) => `null::${type} as ${quoteIdentifier(name)}`);
    await session.query(replaceView({ ...view, definition: `select ${columns.join(', ')}` }));
    views.push(view);
  }
  return views;
}

/**
 * Gives the views their queries back. A view that shows the changed column itself changes with it: PostgreSQL replaces none such, so that it is
 * made anew, which fails where something stands on it (2BP01).
 */
export async function putViewsBack(session: Session, views: readonly SetAsideView[]): Promise<void> {
  for (const view of views) {
    await session.query('savepoint view');
    try {
      await session.query(replaceView(view));
    } catch (error) {
      if (sqlErrorDetails(error)?.sqlstate !== '42P16') throw error;
      await session.query('rollback to savepoint view');
      await session.query([`drop view ${view.name}`, replaceView(view), ...view.remakes].join(';\n'));
    }
    await session.query('release savepoint view');
  }
}

function replaceView({ name, options, definition }: Pick<SetAsideView, 'name' | 'options' | 'definition'>): string {
  const list = options.length === 0 ? '' : ` with (${options.join(', ')})`;
  return `create or replace view ${name}${list} as ${definition.replace(/;\s*$/, '')}`;
}
