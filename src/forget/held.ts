import type { ResourceId, Session } from '../types/index.js';
import { quoteIdentifier, quoteLiteral } from '../util/sql-text.js';
import { cellsOf } from './cells.js';
import { nameOf, type Forgetting, type KeptRelation } from './plan.js';

/** Rows of a relation that are somebody's, or only mention them. */
export interface HeldRows {
  readonly id: ResourceId;
  readonly relation: string;
  readonly removed: number;
  readonly unlinked: number;
}

/** All that is kept of one person, and what they can be recognized by. */
export interface Held {
  readonly rows: readonly HeldRows[];
  /** Distinct texts that identify them (lower case, at most 200 characters), some of which others may have too. */
  readonly texts: readonly string[];
  /** Other accounts of the same human: `source.table` and key. */
  readonly accounts: readonly { readonly person: string; readonly key: string }[];
}

/** Which rows of which relation go, and which columns are emptied. */
interface Target {
  readonly relation: KeptRelation;
  readonly name: string;
  readonly removed: string | undefined;
  readonly unlinked: readonly { readonly column: string; readonly condition: string }[];
}

/** Reads what is kept of the person with a key. */
export async function findHeld(session: Session, plan: Forgetting, key: string, others: Others): Promise<Held> {
  const targets = await findTargets(session, plan, key);
  const rows: HeldRows[] = [];
  const texts = new Set<string>();
  for (const { relation, name, removed, unlinked } of targets) {
    const counts = { removed: 0, unlinked: 0 };
    if (removed !== undefined) {
      counts.removed = await countRows(session, name, removed);
      const cells = cellsOf(relation, plan.table);
      if (counts.removed > 0 && cells.length > 0) {
        const { rows: found } = await session.query(
          `select distinct v from ${name} as t cross join lateral (values ${cells.map((cell) => `(${cell})`).join(', ')}) as x (v) where ${removed} and v <> ''`,
        );
        for (const [text] of found) if (text !== null && text !== undefined) texts.add(text);
      }
    }
    for (const { condition } of unlinked) counts.unlinked += await countRows(session, name, condition);
    if (counts.removed + counts.unlinked > 0)
      rows.push({ id: relation.resource.unique_id, relation: `${relation.schema}.${relation.name}`, ...counts });
  }
  return { rows, texts: [...texts], accounts: await findAccounts(session, plan, key, others) };
}

/** Removes it in the session's transaction; the same rows as {@link findHeld} counts. */
export async function removeHeld(session: Session, plan: Forgetting, key: string): Promise<void> {
  const targets = await findTargets(session, plan, key);
  for (const { name, removed, unlinked } of targets) {
    for (const { column, condition } of unlinked)
      await session.query(`update ${name} as t set ${quoteIdentifier(column)} = null where ${condition}`);
    if (removed !== undefined) await session.query(`delete from ${name} as t where ${removed}`);
  }
}

/** Keys by the table of people, for accounts that are to be found from either side. */
export type Others = readonly Forgetting[];

async function findTargets(session: Session, plan: Forgetting, key: string): Promise<readonly Target[]> {
  const present = await existing(session, plan.kept);
  const values = await targetValues(session, plan, key, present);
  return plan.kept
    .filter((relation) => present.has(`${relation.schema}.${relation.name}`))
    .map((relation): Target => {
      const { resource } = relation;
      const condition = (column: string, value: string): string =>
        `lower(t.${quoteIdentifier(column)}::text) = ${quoteLiteral(value.toLowerCase())}`;
      const referring = relation.columns.filter(({ person }) => person === plan.person);
      const removed = [
        ...(resource.resource_type === 'source' && nameOf(resource) === plan.person ? [condition(plan.key, key)] : []),
        ...referring.flatMap(({ column, target, action }) => {
          const value = target === undefined ? key : values.get(target);
          return action === 'remove' && value !== undefined ? [condition(column, value)] : [];
        }),
      ];
      const unlinked = referring.flatMap(({ column, target, action }) => {
        const value = target === undefined ? key : values.get(target);
        return action === 'unlink' && value !== undefined ? [{ column, condition: condition(column, value) }] : [];
      });
      return {
        relation,
        name: `${quoteIdentifier(relation.schema)}.${quoteIdentifier(relation.name)}`,
        removed: removed.length === 0 ? undefined : `(${removed.join(' or ')})`,
        unlinked,
      };
    });
}

/** What the person's own row has in the columns that others refer to. */
async function targetValues(
  session: Session,
  plan: Forgetting,
  key: string,
  present: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string>> {
  const { table } = plan;
  const columns = plan.kept.flatMap((relation) =>
    relation.columns.flatMap(({ person, target }) => (person === plan.person && target !== undefined ? [target] : [])),
  );
  const values = new Map<string, string>();
  if (!present.has(`${table.schema}.${table.identifier}`)) return values;
  for (const column of new Set(columns)) {
    const { rows } = await session.query(
      `select ${quoteIdentifier(column)}::text from ${quoteIdentifier(table.schema)}.${quoteIdentifier(table.identifier)} where ${quoteIdentifier(plan.key)}::text = $1`,
      [key],
    );
    const value = rows[0]?.[0];
    if (value !== null && value !== undefined) values.set(column, value);
  }
  return values;
}

/** Accounts that are declared to be the same human's (`forget: account`), found from whichever side was asked about. */
async function findAccounts(
  session: Session,
  plan: Forgetting,
  key: string,
  others: Others,
): Promise<Held['accounts']> {
  const found: { person: string; key: string }[] = [];
  const all = [plan, ...others];
  for (const holder of all)
    for (const { column, person, target, action } of holder.kept.find(
      (relation) => relation.resource.unique_id === holder.table.unique_id,
    )?.columns ?? []) {
      const referred = all.find((one) => one.person === person);
      if (action !== 'account' || referred === undefined) continue;
      const name = ({ table }: Forgetting): string =>
        `${quoteIdentifier(table.schema)}.${quoteIdentifier(table.identifier)}`;
      const join = `from ${name(holder)} as h join ${name(referred)} as r on lower(h.${quoteIdentifier(column)}::text) = lower(r.${quoteIdentifier(target ?? referred.key)}::text)`;
      const [mine, other, side] = holder === plan ? ['h', 'r', referred] : ['r', 'h', holder];
      if (holder !== plan && referred !== plan) continue;
      const { rows } = await session.query(
        `select distinct ${other}.${quoteIdentifier(side.key)}::text ${join} where ${mine}.${quoteIdentifier(plan.key)}::text = $1 order by 1`,
        [key],
      );
      for (const [account] of rows)
        if (account !== null && account !== undefined) found.push({ person: side.person, key: account });
    }
  return found;
}

async function existing(session: Session, relations: readonly KeptRelation[]): Promise<ReadonlySet<string>> {
  const { rows } = await session.query(
    `select n.nspname || '.' || c.relname from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
     join unnest($1::text[], $2::text[]) as w (schema, name) on w.schema = n.nspname and w.name = c.relname where c.relkind in ('r', 'p')`,
    [relations.map(({ schema }) => schema), relations.map(({ name }) => name)],
  );
  return new Set(rows.map(([name]) => name ?? ''));
}

async function countRows(session: Session, name: string, condition: string): Promise<number> {
  const { rows } = await session.query(`select count(*) from ${name} as t where ${condition}`);
  return Number(rows[0]?.[0] ?? 0);
}
