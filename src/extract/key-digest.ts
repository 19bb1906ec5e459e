import { quoteIdentifier } from '../util/sql-text.js';
import type { Session } from '../types/index.js';
import { sourceDeletedAt } from './column-plan.js';
import { partKeys, type KeyBuckets, type KeySql, type KeySpan } from './key-buckets.js';
import { stagingName } from './staging-sql.js';
import type { CopyContext, TableJob } from './table-job.js';

/** In which buckets the keys of the source are others than those of staging that are not marked as deleted. */
export interface KeyDifference {
  /** Conditions for the keys of those buckets at both ends, of the table as `t`; undefined where single buckets may not be read. */
  readonly within: { readonly source: string; readonly staging: string } | undefined;
  /** How many keys the source has in them. */
  readonly keys: number;
}

/** A statement of more ranges is slow to plan, and an index to most of a table slower than the table: then all keys are read. */
const mostRanges = 2000;
const mostOfKeys = 0.25;

/**
 * Compares the keys of both ends by buckets that each server counts for itself; undefined where they are the same. Without `isProven` the sums of 64-bit
 * hashes must be equal too. Servers that hash or print a key otherwise differ, and so make all keys travel; never are they taken as equal.
 */
export async function compareKeys(
  job: TableJob,
  context: CopyContext,
  isProven: boolean,
): Promise<KeyDifference | undefined> {
  const { relation, table } = job;
  const buckets = partKeys(job, await keySpan(job, context.warehouse));
  const source = `${quoteIdentifier(relation.schema)}.${quoteIdentifier(relation.name)} as t`;
  const staging = `${stagingName(table)} as t where t.${sourceDeletedAt} is null`;
  const [atSource, inStaging] = await Promise.all([
    count(
      context.source,
      buckets.source,
      `${source}${job.allowed === undefined ? '' : ` where ${job.allowed}`}`,
      isProven,
    ),
    count(context.warehouse, buckets.staging, staging, isProven),
  ]);
  return difference(buckets, atSource, inStaging, isProven);
}

/**
 * Do equal numbers of keys prove equal keys? After an increment by transaction staging has every key of the source that can be told from another,
 * so that it has more of them exactly where some are gone. The source's key must be one, which a child table and a key by configuration need not be,
 * and its rows must not come and go by row security, which leaves no trace in the transaction that wrote them.
 */
export function countsProveKeys(job: TableJob): boolean {
  const { relation, key } = job;
  const isUnique = relation.primary_key.length > 0 && relation.primary_key.every((name) => key.includes(name));
  const hasOtherRows = relation.kind !== 'p' && relation.has_children === true;
  return isUnique && !hasOtherRows && relation.has_row_security !== true;
}

async function keySpan(job: TableJob, warehouse: Session): Promise<KeySpan> {
  const name = stagingName(job.table);
  const first = `t.${quoteIdentifier(job.key[0] ?? '')}`;
  // The text must not have the column's name, or ORDER BY would mean the text, which no index has in order.
  const end = (direction: string): string =>
    `(select ${first}::text as found from ${name} as t order by ${first} ${direction} limit 1)`;
  const { rows } = await warehouse.query(
    `select ${end('asc')}, ${end('desc')}, (select reltuples::float8 from pg_catalog.pg_class where oid = $1::regclass)`,
    [name],
  );
  const [least, greatest, estimate] = rows[0] ?? [];
  return { least: least ?? null, greatest: greatest ?? null, rows: Number(estimate ?? 0) };
}

interface Counts {
  /** What tells how the server hashes text. */
  readonly hashing: string;
  /** Keys by bucket, as text. */
  readonly keys: ReadonlyMap<string, string>;
  /** The sum of their hashes, where that was asked for. */
  readonly sums: ReadonlyMap<string, string>;
}

async function count(session: Session, key: KeySql, from: string, isProven: boolean): Promise<Counts> {
  const [hash, sum, sums] = isProven ? ['', '', 'null'] : [`, ${key.hash} as h`, ', sum(h) as s', 'array_agg(s)'];
  // OFFSET keeps the planner from taking each key for a bucket of its own, and sorting or making room for as many.
  const { rows } = await session.query(`
select array_agg(b), array_agg(n), ${sums}, pg_catalog.getdatabaseencoding() || hashtextextended('chemflow' collate "C", 1)
from (select b, count(*) as n${sum} from (select ${key.bucket} as b${hash} from ${from} offset 0) as keys group by b) as buckets`);
  const [names, numbers, hashes, hashing] = (rows[0] ?? []).map((value) => value ?? '{}');
  const [counts, digests] = [listed(numbers), listed(hashes)];
  return {
    hashing: hashing ?? '',
    keys: new Map(listed(names).map((name, index) => [name, counts[index] ?? ''])),
    sums: new Map(digests.length === 0 ? [] : listed(names).map((name, index) => [name, digests[index] ?? ''])),
  };
}

/** The elements of an array of numbers in PostgreSQL's text form. */
function listed(array = '{}'): readonly string[] {
  return array === '{}' ? [] : array.slice(1, -1).split(',');
}

function difference(
  buckets: KeyBuckets,
  atSource: Counts,
  inStaging: Counts,
  isProven: boolean,
): KeyDifference | undefined {
  const all = new Set([...atSource.keys.keys(), ...inStaging.keys.keys()]);
  const differing = [...all].filter(
    (bucket) =>
      atSource.keys.get(bucket) !== inStaging.keys.get(bucket) ||
      atSource.sums.get(bucket) !== inStaging.sums.get(bucket),
  );
  const total = sumOf(atSource, all);
  if (differing.length === 0 || (isProven && total === sumOf(inStaging, all))) return undefined;
  const keys = sumOf(atSource, differing);
  const isFew = differing.length <= mostRanges && keys <= mostOfKeys * total;
  // Where a server hashes text otherwise, a key of one bucket here would be looked for in another one there.
  const isSame = !buckets.isHashed || atSource.hashing === inStaging.hashing;
  if (!buckets.isParted || !isSame || !isFew) return { within: undefined, keys: total };
  const within = { source: buckets.source.within(differing), staging: buckets.staging.within(differing) };
  return { within, keys };
}

function sumOf(counts: Counts, buckets: Iterable<string>): number {
  let sum = 0;
  for (const bucket of buckets) sum += Number(counts.keys.get(bucket) ?? 0);
  return sum;
}
