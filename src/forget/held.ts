import { ChemflowError, didYouMean } from '../error/index.js';
import type { ResourceId, Session } from '../types/index.js';
import { quoteIdentifier, quoteLiteral } from '../util/sql-text.js';
import { cellsOf } from './cells.js';
import { nameOf, type Forgetting, type KeptRelation, type MarkedColumn } from './plan.js';
import { readPresent, type PresentRelation } from './present.js';

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
  /** What hashes of their keys are (lower case), as built relations and exports hold them; nobody else has these. */
  readonly hashes: readonly string[];
  /** Other accounts of the same human: `source.table` and key. */
  readonly accounts: readonly { readonly person: string; readonly key: string }[];
}

/** Which rows of which relation go, and which columns are emptied. */
interface Target {
  readonly relation: KeptRelation;
  readonly name: string;
  readonly present: PresentRelation;
  readonly removed: string | undefined;
  readonly unlinked: readonly { readonly column: string; readonly condition: string }[];
}

/** Reads what is kept of the person with a key. */
export async function findHeld(session: Session, plan: Forgetting, key: string, others: Others): Promise<Held> {
  const { targets, keys, hashes } = await findTargets(session, plan, key);
  const rows: HeldRows[] = [];
  const texts = new Set(keys);
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
  return { rows, texts: [...texts], hashes, accounts: await findAccounts(session, plan, key, others) };
}

/**
 * Removes it in the session's transaction: the same rows as {@link findHeld} counts. The views on them, which {@link refreshViews} is to bring up to date in
 * the same transaction once all is removed, are given back.
 */
export async function removeHeld(session: Session, plan: Forgetting, key: string): Promise<readonly HeldView[]> {
  const { targets } = await findTargets(session, plan, key);
  const views: HeldView[] = [];
  for (const { relation, name, present, removed, unlinked } of targets) {
    if (present.isView) {
      const conditions = [...unlinked.map(({ condition }) => condition), ...(removed === undefined ? [] : [removed])];
      for (const condition of conditions)
        if ((await countRows(session, name, condition)) > 0)
          views.push({ id: relation.resource.unique_id, name, present });
      continue;
    }
    for (const { column, condition } of unlinked)
      await session.query(`update ${name} as t set ${quoteIdentifier(column)} = null where ${condition}`);
    if (removed !== undefined) await session.query(`delete from ${name} as t where ${removed}`);
  }
  return views;
}

/** A materialized view with rows of a person. */
export interface HeldView {
  readonly id: ResourceId;
  /** Quoted name in SQL. */
  readonly name: string;
  readonly present: PresentRelation;
}

/** Refreshes materialized views, each once, in build order. Readers wait for the end of the transaction only where a view has no unique index. */
export async function refreshViews(session: Session, plan: Forgetting, views: readonly HeldView[]): Promise<void> {
  for (const { resource } of plan.derived) {
    const view = views.find(({ id }) => id === resource.unique_id);
    if (view === undefined) continue;
    const word = view.present.refreshesConcurrently ? 'concurrently ' : '';
    await session.query(`refresh materialized view ${word}${view.name}`);
  }
}

/** Keys by the table of people, for accounts that are to be found from either side. */
export type Others = readonly Forgetting[];

/** No two people have the same text of this length and more that identifies one: a uuid, a hash. */
const uniqueLength = 32;

async function findTargets(
  session: Session,
  plan: Forgetting,
  key: string,
): Promise<{
  readonly targets: readonly Target[];
  readonly keys: readonly string[];
  readonly hashes: readonly string[];
}> {
  const relations = [...plan.kept, ...plan.derived];
  const presentOf = await readPresent(session, relations);
  const present = relations.flatMap((relation) => {
    const found = presentOf(relation);
    return found === undefined ? [] : [{ relation, present: found }];
  });
  const referring = ({ relation, present: { columns } }: (typeof present)[number]): KeptRelation['columns'] =>
    relation.columns.filter(({ column, person }) => person === plan.person && columns.has(column));
  const marks = await readMarks(session, plan, key, present.flatMap(referring), presentOf(peopleOf(plan)));
  const condition = (column: string, value: string): string =>
    `lower(t.${quoteIdentifier(column)}::text) = ${quoteLiteral(value.toLowerCase())}`;
  const targets = present.map((one): Target => {
    const { relation } = one;
    const { resource } = relation;
    const conditions = (action: 'remove' | 'unlink'): readonly { column: string; condition: string }[] =>
      referring(one).flatMap((reference) => {
        const value = marks.get(markOf(reference));
        const tells = value !== undefined && (!reference.isMixed || value.length >= uniqueLength);
        const { column } = reference;
        return reference.action === action && tells ? [{ column, condition: condition(column, value) }] : [];
      });
    const isPeople = resource.resource_type === 'source' && nameOf(resource) === plan.person;
    const removed = [
      ...(isPeople ? [condition(plan.key, key)] : []),
      ...conditions('remove').map((each) => each.condition),
    ];
    return {
      relation,
      name: `${quoteIdentifier(relation.schema)}.${quoteIdentifier(relation.name)}`,
      present: one.present,
      removed: removed.length === 0 ? undefined : `(${removed.join(' or ')})`,
      unlinked: conditions('unlink'),
    };
  });
  const long = [...marks].filter(([, value]) => value.length >= uniqueLength);
  const isHash = (mark: string): boolean => mark.includes('\0');
  const valuesOf = (kept: (mark: string) => boolean): readonly string[] =>
    long.flatMap(([mark, value]) => (kept(mark) ? [value.toLowerCase()] : []));
  return { targets, hashes: valuesOf(isHash), keys: valuesOf((mark) => !isHash(mark)) };
}

function peopleOf({ table }: Forgetting): { readonly schema: string; readonly name: string } {
  return { schema: table.schema, name: table.identifier };
}

/** What a column holds of the person: their key or what a column of their row has, through declassifiers. */
function markOf({ target, through }: MarkedColumn): string {
  return [target ?? '', ...through].join('\0');
}

/** The values by which columns tell the person, by {@link markOf}: those of the person's own row, computed by the server with its salt. */
async function readMarks(
  session: Session,
  plan: Forgetting,
  key: string,
  references: readonly MarkedColumn[],
  people: PresentRelation | undefined,
): Promise<ReadonlyMap<string, string>> {
  const marks = new Map([['', key]]);
  const { schema, identifier } = plan.table;
  for (const reference of new Map(references.map((one) => [markOf(one), one])).values()) {
    const { target = plan.key, through } = reference;
    if (marks.has(markOf(reference)) || people?.columns.has(target) !== true) continue;
    const expression = through.reduce((value, name) => throughHash(plan, name, value), `t.${quoteIdentifier(target)}`);
    const { rows } = await session.query(
      `select (${expression})::text from ${quoteIdentifier(schema)}.${quoteIdentifier(identifier)} as t where t.${quoteIdentifier(plan.key)}::text = $1`,
      [key],
    );
    const value = rows[0]?.[0];
    if (value !== null && value !== undefined && (through.length === 0 || value.length >= uniqueLength))
      marks.set(markOf(reference), value);
  }
  return marks;
}

/** What a declassifier makes of a value, in SQL. Throws FORGET.DECLARATION for one that is no hash: many people have the same length. */
function throughHash({ hashes }: Forgetting, name: string, value: string): string {
  const expression = hashes.find((hash) => hash.name === name)?.expression;
  if (expression !== undefined) return expression.replaceAll('$1', () => `(${value})`);
  throw new ChemflowError({
    code: 'FORGET.DECLARATION',
    message: `through: ${name} is no declassifier of privacy.declassifiers in chemflow.yml that computes a hash.`,
    hint:
      didYouMean(
        name,
        hashes.map((hash) => hash.name),
      ) ?? 'name the declassifier through which the key went (an expression with sha256, hmac and the like)',
  });
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

async function countRows(session: Session, name: string, condition: string): Promise<number> {
  const { rows } = await session.query(`select count(*) from ${name} as t where ${condition}`);
  return Number(rows[0]?.[0] ?? 0);
}
