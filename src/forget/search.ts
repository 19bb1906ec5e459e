import type { Session } from '../types/index.js';
import { quoteIdentifier } from '../util/sql-text.js';
import { cellsOf, linkCell, searched } from './cells.js';
import type { Forgetting } from './plan.js';

/** A relation that holds one of the texts, with the number of its rows that do. */
export interface Found {
  readonly relation: string;
  readonly rows: number;
}

const relationsQuery = `
select n.nspname, c.relname
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
where c.relkind in ('r', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and (n.nspname, c.relname) <> ('chemflow', 'tombstones')
order by 1, 2`;

/** Searches every table and materialized view of the database, of every schema, for texts; whole rows are read, whatever their columns. */
export async function searchFor(session: Session, texts: readonly string[]): Promise<readonly Found[]> {
  const { rows } = await session.query(relationsQuery);
  return searchIn(
    session,
    rows.map(([schema, name]) => ({ schema: schema ?? '', name: name ?? '' })),
    texts,
  );
}

/** Searches these relations. */
export async function searchIn(
  session: Session,
  relations: readonly { readonly schema: string; readonly name: string }[],
  texts: readonly string[],
): Promise<readonly Found[]> {
  if (texts.length === 0) return [];
  const found: Found[] = [];
  for (const { schema, name } of relations) {
    const { rows } = await session.query(
      `select count(*) from ${quoteIdentifier(schema)}.${quoteIdentifier(name)} as t cross join lateral (select ${searched('t::text')} offset 0) as row (text)
where exists (select from unnest($1::text[]) as wanted (text) where position(wanted.text in row.text) > 0)`,
      [texts],
    );
    const count = Number(rows[0]?.[0] ?? 0);
    if (count > 0) found.push({ relation: `${schema}.${name}`, rows: count });
  }
  return found;
}

/** The texts that are nobody else's: those that, once the person's rows are gone, no row of another person holds. */
export async function ownTexts(
  session: Session,
  plan: Forgetting,
  texts: readonly string[],
): Promise<readonly string[]> {
  let left = texts;
  for (const relation of plan.kept) {
    const isOfPeople = relation.columns.length > 0 || relation.resource.unique_id === plan.table.unique_id;
    // Another account that was left alone goes on saying whose it was.
    const links = relation.columns.filter(({ action }) => action === 'account').map(({ column }) => linkCell(column));
    const cells = isOfPeople ? [...cellsOf(relation, plan.table), ...links] : [];
    if (cells.length === 0 || left.length === 0) continue;
    const name = `${quoteIdentifier(relation.schema)}.${quoteIdentifier(relation.name)}`;
    const { rows: present } = await session.query('select to_regclass($1)', [name]);
    if (present[0]?.[0] === null) continue;
    const { rows } = await session.query(
      `with others as materialized (
  select distinct v from ${name} as t cross join lateral (values ${cells.map((cell) => `(${cell})`).join(', ')}) as x (v) where v <> ''
)
select wanted.text from unnest($1::text[]) as wanted (text)
where not exists (select from others where position(wanted.text in others.v) > 0)`,
      [left],
    );
    left = rows.map(([text]) => text ?? '');
  }
  return left;
}
