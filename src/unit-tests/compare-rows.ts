import type { RowDifference } from '../types/index.js';

type Row = readonly (string | null)[];

function sameCells(left: Row, right: Row): number {
  return left.filter((value, index) => value === right[index]).length;
}

/** Pairs each row with the one of the others that it shares most values with, the best pairs first; a pair shares at least one. */
function pairUp(expected: readonly Row[], actual: readonly Row[]): RowDifference['changed'] {
  const candidates = expected
    .flatMap((row, from) => actual.map((other, to) => ({ from, to, same: sameCells(row, other) })))
    .filter(({ same }) => same > 0)
    .sort((left, right) => right.same - left.same || left.from - right.from || left.to - right.to);
  const pairs = new Map<number, number>();
  const taken = new Set<number>();
  for (const { from, to } of candidates) {
    if (pairs.has(from) || taken.has(to)) continue;
    pairs.set(from, to);
    taken.add(to);
  }
  return [...pairs]
    .sort(([left], [right]) => left - right)
    .map(([from, to]) => ({ expected: expected[from] ?? [], actual: actual[to] ?? [] }));
}

/** More than so many rows on both sides are not paired with each other, which takes their product in time. */
const pairingLimit = 200;

/**
 * How the actual rows differ from the expected ones as multisets, whatever their order; undefined where they are the same.
 * `key` makes one text of the values that are equal to PostgreSQL though written differently.
 */
export function compareRows(
  columns: readonly string[],
  expected: readonly Row[],
  actual: readonly Row[],
  key: (row: Row) => string,
): RowDifference | undefined {
  const waiting = new Map<string, Row[]>();
  for (const row of actual) {
    const list = waiting.get(key(row));
    if (list === undefined) waiting.set(key(row), [row]);
    else list.push(row);
  }
  const missing = expected.filter((row) => waiting.get(key(row))?.pop() === undefined);
  const surplus = new Set([...waiting.values()].flat());
  if (missing.length === 0 && surplus.size === 0) return undefined;
  const left = actual.filter((row) => surplus.has(row));
  const changed = Math.max(missing.length, left.length) > pairingLimit ? [] : pairUp(missing, left);
  const paired = new Set(changed.flatMap((pair) => [pair.expected, pair.actual]));
  return {
    columns,
    changed,
    missing: missing.filter((row) => !paired.has(row)),
    surplus: left.filter((row) => !paired.has(row)),
    equal: expected.length - missing.length,
  };
}

const numericTypes = new Set([1700]);
const jsonTypes = new Set([114]);
const paddedTypes = new Set([1042]);

function sortedJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedJson);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sortedJson(inner)]));
}

/** A value's text without what does not count: the trailing zeros of a numeric, the padding of a char, the spelling of a json. */
function canonical(value: string | null, typeOid: number): string | null {
  if (value === null) return null;
  if (numericTypes.has(typeOid)) return value.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
  if (paddedTypes.has(typeOid)) return value.trimEnd();
  return jsonTypes.has(typeOid) ? JSON.stringify(sortedJson(JSON.parse(value))) : value;
}

/** Makes the key of rows whose columns have these types. */
export function rowKey(typeOids: readonly number[]): (row: Row) => string {
  return (row) => JSON.stringify(row.map((value, index) => canonical(value, typeOids[index] ?? 0)));
}
