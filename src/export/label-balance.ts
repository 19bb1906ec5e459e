import type { Session } from '../types/index.js';
import { quoteIdentifier } from '../util/sql-text.js';
import { rateOf } from './numbers.js';
import { splitColumn } from './rows-query.js';
import type { DatasetColumn } from './types.js';

/** How often each value of a column occurs; value null is NULL. */
export interface ValueCount {
  readonly value: string | null;
  readonly rows: number;
  readonly share: number | null;
}

/** How a label is spread: by value where it has few, else by its quantiles. */
export interface LabelBalance {
  readonly name: string;
  readonly values: readonly ValueCount[] | null;
  /** The same within each value of the split column, where there is one. */
  readonly by_split: Readonly<Record<string, readonly ValueCount[]>> | null;
  readonly summary: {
    readonly minimum: string;
    readonly quartile_1: string;
    readonly median: string;
    readonly quartile_3: string;
    readonly maximum: string;
    readonly mean: string;
  } | null;
}

const maximumValues = 20;
const numberKinds: ReadonlySet<string> = new Set([
  'int16',
  'int32',
  'int64',
  'float32',
  'float64',
  'decimal',
  'digits',
]);

interface CountRow {
  readonly part: string;
  readonly value: string | null;
  readonly rows: string;
}

/** Counts the values of a column, most frequent first; null where they are more than twenty. */
export async function countValues(
  session: Session,
  relation: string,
  column: string,
): Promise<readonly ValueCount[] | null> {
  const counts = await session.rows<CountRow>(
    `select '' as part, ${quoteIdentifier(column)}::text collate "C" as value, count(*) as rows
     from ${relation} group by 2 order by count(*) desc, 2 limit ${maximumValues + 1}`,
  );
  return counts.length > maximumValues ? null : shares(counts);
}

/** The balance of a label in the session's snapshot. */
export async function readLabelBalance(
  session: Session,
  relation: string,
  label: DatasetColumn,
  columns: readonly DatasetColumn[],
): Promise<LabelBalance> {
  const values = await countValues(session, relation, label.name);
  const hasSplit = columns.some((column) => column.name === splitColumn);
  return {
    name: label.name,
    values,
    by_split: values === null || !hasSplit ? null : await countBySplit(session, relation, label.name),
    summary:
      values === null && numberKinds.has(label.kind.kind) ? await summarize(session, relation, label.name) : null,
  };
}

async function countBySplit(
  session: Session,
  relation: string,
  label: string,
): Promise<Readonly<Record<string, readonly ValueCount[]>>> {
  const counts = await session.rows<CountRow>(
    `select coalesce(${quoteIdentifier(splitColumn)}::text collate "C", '') as part, ${quoteIdentifier(label)}::text collate "C" as value, count(*) as rows
     from ${relation} group by 1, 2 order by 1, count(*) desc, 2`,
  );
  const parts = [...new Set(counts.map((count) => count.part))];
  return Object.fromEntries(parts.map((part) => [part, shares(counts.filter((count) => count.part === part))]));
}

async function summarize(session: Session, relation: string, label: string): Promise<LabelBalance['summary']> {
  const [row] = await session.rows<NonNullable<LabelBalance['summary']>>(
    `select min(v)::text as minimum, (percentile_disc(0.25) within group (order by v))::text as quartile_1,
            (percentile_disc(0.5) within group (order by v))::text as median,
            (percentile_disc(0.75) within group (order by v))::text as quartile_3, max(v)::text as maximum,
            round(avg(v::numeric), 6)::text as mean
     from (select ${quoteIdentifier(label)} as v from ${relation}) as "values" where v is not null`,
  );
  return row ?? null;
}

function shares(counts: readonly CountRow[]): readonly ValueCount[] {
  const total = counts.reduce((sum, count) => sum + Number(count.rows), 0);
  return counts.map(({ value, rows }) => ({ value, rows: Number(rows), share: rateOf(Number(rows), total) }));
}
