import { quoteIdentifier, quoteLiteral } from '../util/sql-text.js';
import type { ColumnPlan } from './column-plan.js';
import { copiedValue } from './source-sql.js';
import type { TableJob } from './table-job.js';

/** Keys parted into buckets, by SQL that means the same on every server; of one of both ends, the source or staging. */
export interface KeySql {
  /** A row's bucket, a whole number. */
  readonly bucket: string;
  /** A 64-bit hash of the whole key. */
  readonly hash: string;
  /** The rows of some buckets. */
  within(buckets: readonly string[]): string;
}

/** How the keys of a table are parted. */
export interface KeyBuckets {
  readonly source: KeySql;
  readonly staging: KeySql;
  /** Do buckets rest on a hash, so that they are the same at both ends only where the servers hash alike? */
  readonly isHashed: boolean;
  /** May keys of single buckets be read? Otherwise there is one bucket. */
  readonly isParted: boolean;
}

/** The least and the greatest key of staging as text, null where it is empty, and about how many there are. */
export interface KeySpan {
  readonly least: string | null;
  readonly greatest: string | null;
  readonly rows: number;
}

/** Buckets of few keys while they are few; then of more, so that the counts of a large table do not weigh more than the keys that they spare. */
const bucketSizes = [
  { keys: 32, buckets: 1 << 14 },
  { keys: 128, buckets: 1 << 16 },
];

const integers = /^(smallint|integer|bigint)$/;
/** Types whose text is the same on every server and under all settings, and the same for equal values, which that of numeric is not. */
const plainTypes = /^(smallint|integer|bigint|uuid|text|boolean|date|character varying(\(\d+\))?)$/;

/**
 * Parts the keys of a table. One integer or uuid is parted by its order, so that the primary key's index leads to a bucket; other keys by a hash of
 * their text. Where a type's text may differ from server to server there is one bucket.
 */
export function partKeys(job: TableJob, span: KeySpan): KeyBuckets {
  const columns = job.key.flatMap((name) => job.plan.columns.find((column) => column.name === name) ?? []);
  const values = { source: columns.map(copiedValue), staging: columns.map(({ name }) => `t.${quoteIdentifier(name)}`) };
  // Either number is the servers' estimate, and may be old.
  const count = bucketCount(Math.max(span.rows, job.relation.row_estimate ?? 0));
  const both = (sql: (values: readonly string[]) => KeySql): Pick<KeyBuckets, 'source' | 'staging'> => ({
    source: sql(values.source),
    staging: sql(values.staging),
  });
  const [only, ...more] = columns;
  if (only !== undefined && more.length === 0) {
    const ordered = isType(only, integers) ? integerSql : isType(only, /^uuid$/) ? uuidSql : undefined;
    // The bare column, without a cast from integer to bigint: an index leads to it.
    const sql = ordered?.(`t.${quoteIdentifier(only.name)}`, span, count);
    if (sql !== undefined) return { source: sql, staging: sql, isHashed: false, isParted: true };
  }
  if (columns.every((column) => plainTypes.test(column.stagingType)))
    return { ...both((its) => hashedSql(its, count)), isHashed: true, isParted: true };
  return {
    ...both((its) => ({ bucket: '0', hash: keyHash(its), within: () => 'true' })),
    isHashed: true,
    isParted: false,
  };
}

/** A power of two. */
function bucketCount(rows: number): number {
  const counts = bucketSizes.map(({ keys, buckets }) => Math.min(rows / keys, buckets));
  return 2 ** Math.max(0, Math.round(Math.log2(Math.max(1, ...counts))));
}

/** Is the value of this type at both ends, and read as it is? */
function isType(column: ColumnPlan, type: RegExp): boolean {
  return type.test(column.sourceType) && type.test(column.stagingType) && column.expression.startsWith('"');
}

/** Each column's hash is the seed of the next one's; a null, which no primary key has, is no other key's hash. */
function keyHash(values: readonly string[]): string {
  return values.reduce((seed, value) => `coalesce(hashtextextended((${value})::text collate "C", ${seed}), 0)`, '0');
}

function hashedSql(values: readonly string[], count: number): KeySql {
  const hash = keyHash(values);
  const bucket = `(${hash} & ${count - 1})`;
  return { bucket, hash, within: (buckets) => `${bucket} = any (${quoteLiteral(`{${buckets.join()}}`)}::bigint[])` };
}

function integerSql(value: string, span: KeySpan, count: number): KeySql {
  const shift = shiftFor(BigInt(span.greatest ?? 0) - BigInt(span.least ?? 0), count);
  return {
    // A shift to the right rounds down for negative numbers too, and cannot overflow.
    bucket: `(${value}::bigint >> ${shift})`,
    hash: keyHash([value]),
    within: (buckets) => anyRange(value, buckets, shift, (end) => `${quoteLiteral(String(end))}::bigint`),
  };
}

/** By the first three bytes that are not the same in all of staging's keys: ids that begin with the time have the same ones for long. */
function uuidSql(value: string, span: KeySpan, count: number): KeySql {
  const least = (span.least ?? '').replaceAll('-', '').padEnd(32, '0');
  const greatest = (span.greatest ?? 'f'.repeat(32)).replaceAll('-', '');
  let same = 0;
  while (same < 13 && least.slice(0, 2 * same + 2) === greatest.slice(0, 2 * same + 2)) same += 1;
  const prefix = least.slice(0, 2 * same);
  const digits = (text: string): bigint => BigInt(`0x${text.slice(2 * same, 2 * same + 6)}`);
  const shift = shiftFor(digits(greatest) - digits(least), count);
  const unread = Math.min(2, Math.floor(shift / 8));
  const bytes = [0, 1, 2].slice(0, 3 - unread).map((byte) => `get_byte(uuid_send(${value}), ${same + byte})`);
  const number = bytes.reduce((sum, byte) => `(${sum} << 8 | ${byte})`);
  return {
    bucket: `(${number} >> ${shift - 8 * unread})`,
    hash: keyHash([value]),
    within: (buckets) =>
      anyRange(value, buckets, shift, (end, fill) => {
        const hex = `${prefix}${end.toString(16).padStart(6, '0')}`.padEnd(32, fill === 'least' ? '0' : 'f');
        return `${quoteLiteral(hex)}::uuid`;
      }),
  };
}

/** By how many bits a number is shifted so that a span of numbers makes no more than `count` buckets, but for one that it begins in the midst of. */
function shiftFor(span: bigint, count: number): number {
  let shift = 0;
  while (span >> BigInt(shift) >= BigInt(count)) shift += 1;
  return shift;
}

/** The ranges of buckets as conditions that an index answers; those side by side are one. */
function anyRange(
  value: string,
  buckets: readonly string[],
  shift: number,
  literal: (end: bigint, fill: 'least' | 'greatest') => string,
): string {
  const ranges: { first: bigint; last: bigint }[] = [];
  const sorted = buckets.map(BigInt).sort((left, right) => (left < right ? -1 : 1));
  for (const bucket of sorted) {
    const before = ranges.at(-1);
    if (before?.last === bucket - 1n) before.last = bucket;
    else ranges.push({ first: bucket, last: bucket });
  }
  const bits = BigInt(shift);
  return ranges
    .map(({ first, last }) => {
      const least = literal(first << bits, 'least');
      const greatest = literal(((last + 1n) << bits) - 1n, 'greatest');
      return `${value} between ${least} and ${greatest}`;
    })
    .join(' or ');
}
