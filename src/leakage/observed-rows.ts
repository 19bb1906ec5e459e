import { relationOf, renderRelation } from '../materializations/index.js';
import type { Session } from '../types/index.js';
import { quoteIdentifier, quoteLiteral } from '../util/sql-text.js';
import type { Declaration } from './declaration.js';
import { keptSchema, scratchRelation } from './scratch.js';

/** A value that should have stayed as it was. */
export interface Leak {
  /** A feature, or null for rows that are there in one of the two worlds only. */
  readonly feature: string | null;
  /** How many rows differ. */
  readonly rows: number;
  /** The last of them that was observed: its entity, when, and the value before and after. */
  readonly example: {
    readonly entity: string;
    readonly observedAt: string;
    readonly before: string | null;
    readonly after: string | null;
  };
}

/** What a comparison of two worlds found. */
export interface Comparison {
  /** Rows observed by the cut. */
  readonly rows: number;
  readonly leaks: readonly Leak[];
  /** Did a label differ? Then the two worlds are told apart by what came later, as they should be. */
  readonly labelsDiffer: boolean;
}

/** What is asked of a checked model's rows. */
export interface ObservedRows {
  readonly declaration: Declaration;
  readonly types: ReadonlyMap<string, string>;
  readonly timezone: string;
  /** The table that the untouched world's rows are kept in. */
  readonly kept: string;
}

/** Describes the rows of a model in the check; `index` tells the models apart. */
export function observedRows(
  declaration: Declaration,
  types: ReadonlyMap<string, string>,
  timezone: string,
  index: number,
): ObservedRows {
  return { declaration, types, timezone, kept: `${quoteIdentifier(keptSchema)}.rows_${index}` };
}

/** SQL of the rows as text: entity columns e0.., the moment o from which on a row may be known, features f0.., labels l0... */
function rowsAsText({ declaration, types, timezone }: ObservedRows): string {
  const { node, entity, observedAt, features, labels } = declaration;
  const column = quoteIdentifier(observedAt);
  const zone = quoteLiteral(timezone);
  const type = types.get(observedAt) ?? '';
  // A date is known when it is over.
  const moment =
    type === 'date'
      ? `(${column} + 1)::timestamp at time zone ${zone}`
      : type.endsWith('without time zone')
        ? `${column} at time zone ${zone}`
        : column;
  const texts = (names: readonly string[], letter: string): string[] =>
    names.map((name, index) => `${quoteIdentifier(name)}::text as ${letter}${index}`);
  const list = [
    ...texts(entity, 'e'),
    `${moment} as o`,
    `${column}::text as observed`,
    ...texts(features, 'f'),
    ...texts(labels, 'l'),
  ];
  return `select ${list.join(', ')} from ${renderRelation(scratchRelation(relationOf(node)))}`;
}

/** Keeps the rows of the untouched world; resolves to how many have no moment, and how many share their entity and moment with another. */
export async function keepRows(
  session: Session,
  rows: ObservedRows,
): Promise<{ readonly rows: number; readonly undated: number; readonly repeated: number }> {
  await session.query(`create unlogged table ${rows.kept} as ${rowsAsText(rows)}; analyze ${rows.kept}`);
  const entity = rows.declaration.entity.map((_, index) => `e${index}`).join(', ');
  const { rows: found } = await session.query(
    `select count(*), count(*) filter (where o is null), count(*) - count(distinct (${entity}, o)) from ${rows.kept}`,
  );
  const [all, undated, repeated] = (found[0] ?? []).map(Number);
  return { rows: all ?? 0, undated: undated ?? 0, repeated: repeated ?? 0 };
}

/** Moments that divide a model's rows evenly, of its own, the last one among them. */
export async function evenCuts(session: Session, rows: ObservedRows, count: number): Promise<readonly string[]> {
  const shares = Array.from({ length: count }, (_, index) => (index + 1) / count);
  const found = await session.query(
    `select unnest(percentile_disc(array[${shares.join(', ')}]::float8[]) within group (order by o))::text from ${rows.kept}`,
  );
  return found.rows.flatMap(([moment]) => (moment === null || moment === undefined ? [] : [moment]));
}

/** The part of a model's rows that is observed by each moment, 0 to 1. */
export async function sharesObserved(
  session: Session,
  rows: ObservedRows,
  moments: readonly string[],
): Promise<readonly number[]> {
  const list = moments.map((moment) => `coalesce(avg((o <= ${quoteLiteral(moment)}::timestamptz)::int), 0)`);
  const found = await session.query(`select ${list.join(', ')} from ${rows.kept}`);
  return (found.rows[0] ?? []).map(Number);
}

/** Compares the kept rows observed by the cut with those of the world as it is built now. */
export async function compareRows(session: Session, rows: ObservedRows, cut: string): Promise<Comparison> {
  const { entity, features, labels } = rows.declaration;
  const at = `${quoteLiteral(cut)}::timestamptz`;
  const key = [...entity.map((_, index) => `e${index}`), 'o'];
  const differing = (letter: string, names: readonly string[]): string[] =>
    names.map((_, index) => `a.${letter}${index} is distinct from b.${letter}${index}`);
  const inBoth = 'a.observed is not null and b.observed is not null';
  const conditions = [...differing('f', features), ...differing('l', labels)].map((one) => `${inBoth} and ${one}`);
  const pairs = `with b0 as (select * from ${rows.kept} where o <= ${at}), a0 as materialized (select * from (${rowsAsText(rows)}) as now where o <= ${at})
select %s from b0 as b full join a0 as a using (${key.join(', ')})`;
  const counts = await session.query(
    pairs.replace(
      '%s',
      [
        'count(*)',
        `count(*) filter (where b.observed is null)`,
        `count(*) filter (where a.observed is null)`,
        ...conditions.map((condition) => `count(*) filter (where ${condition})`),
      ].join(', '),
    ),
  );
  const numbers = (counts.rows[0] ?? []).map(Number);
  const [total = 0, more = 0, fewer = 0, ...differences] = numbers;
  const leaks: Leak[] = [];
  const example = async (condition: string, before: string, after: string): Promise<Leak['example']> => {
    const shown = entity.map((_, index) => `e${index}`).join(', ');
    const found = await session.query(
      `${pairs.replace('%s', `concat_ws(', ', ${shown}), coalesce(a.observed, b.observed), ${before}, ${after}`)} where ${condition} order by o desc, ${shown} limit 1`,
    );
    const [name, observedAt, was, is] = found.rows[0] ?? [];
    return { entity: name ?? '', observedAt: observedAt ?? '', before: was ?? null, after: is ?? null };
  };
  if (more + fewer > 0) {
    const seen =
      fewer > 0
        ? await example('a.observed is null', "'a row'", "'no row'")
        : await example('b.observed is null', "'no row'", "'a row'");
    leaks.push({ feature: null, rows: more + fewer, example: seen });
  }
  for (const [index, feature] of features.entries()) {
    const number = differences[index] ?? 0;
    if (number === 0) continue;
    const seen = await example(conditions[index] ?? '', `b.f${index}`, `a.f${index}`);
    leaks.push({ feature, rows: number, example: seen });
  }
  return { rows: total - more, leaks, labelsDiffer: differences.slice(features.length).some((number) => number > 0) };
}
