import type { Session } from '../types/index.js';

/** A table or materialized view of the database. */
export interface PresentRelation {
  readonly isView: boolean;
  readonly columns: ReadonlySet<string>;
  /** May REFRESH ... CONCURRENTLY be used, which readers do not wait for? */
  readonly refreshesConcurrently: boolean;
}

interface Named {
  readonly schema: string;
  readonly name: string;
}

const query = `
select n.nspname, c.relname, c.relkind = 'm',
  c.relispopulated and exists (
    select from pg_index as i
    where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indimmediate and i.indpred is null and i.indexprs is null
  ),
  (select json_agg(a.attname) from pg_attribute as a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
join unnest($1::text[], $2::text[]) as w (schema, name) on w.schema = n.nspname and w.name = c.relname
where c.relkind in ('r', 'p', 'm')`;

/** Looks up which relations hold rows of their own: undefined for what is not there, and for views. */
export async function readPresent(
  session: Session,
  relations: readonly Named[],
): Promise<(relation: Named) => PresentRelation | undefined> {
  const { rows } = await session.query(query, [
    relations.map(({ schema }) => schema),
    relations.map(({ name }) => name),
  ]);
  const found = new Map(
    rows.map(([schema, name, isView, isUnique, columns]) => [
      `${schema ?? ''}\0${name ?? ''}`,
      {
        isView: isView === 't',
        refreshesConcurrently: isUnique === 't',
        columns: new Set(JSON.parse(columns ?? '[]') as readonly string[]),
      },
    ]),
  );
  return ({ schema, name }) => found.get(`${schema}\0${name}`);
}
