import { PyFloat } from './float.js';
import type { PyValue } from './value.js';

/** Is it an int, a float or a bool (which counts as 0 or 1)? */
export function isNumeric(value: PyValue): value is number | bigint | boolean | PyFloat {
  return (
    typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' || value instanceof PyFloat
  );
}

/** Is it a float, or a fraction that a host gave as a JavaScript number? */
export function isFloat(value: PyValue): boolean {
  return value instanceof PyFloat || (typeof value === 'number' && !Number.isInteger(value));
}

/** Is it an int (bool too, as in Python)? */
export function isInteger(value: PyValue): value is number | bigint | boolean {
  return (
    typeof value === 'bigint' || typeof value === 'boolean' || (typeof value === 'number' && Number.isInteger(value))
  );
}

/** The number as JavaScript's. */
export function toNumber(value: number | bigint | boolean | PyFloat): number {
  return value instanceof PyFloat ? value.value : Number(value);
}

/** An int as a number where that is exact, else as a bigint. */
export function integer(value: bigint): number | bigint {
  const short = Number(value);
  return Number.isSafeInteger(short) ? short : value;
}

/** The digits of an int; underscores between digits are allowed, as in Python. */
export function parseInteger(text: string, base = 10): number | bigint | undefined {
  const digits = base === 10 ? /^[-+]?\d+(_\d+)*$/ : base === 16 ? /^[-+]?(0x)?[0-9a-f]+$/i : /^[-+]?(0[bo])?[0-7]+$/i;
  const trimmed = text.trim();
  if (!digits.test(trimmed)) return undefined;
  const negative = trimmed.startsWith('-');
  const unsigned = trimmed.replace(/^[-+]/, '').replaceAll('_', '');
  const prefixes: Record<number, string> = { 2: '0b', 8: '0o', 16: '0x' };
  const prefix = prefixes[base];
  const literal = prefix === undefined || unsigned.toLowerCase().startsWith(prefix) ? unsigned : prefix + unsigned;
  const magnitude = BigInt(literal);
  return integer(negative ? -magnitude : magnitude);
}

/** A text as Python's float() reads it; undefined where it is none. */
export function parseFloatText(text: string): number | undefined {
  const trimmed = text.trim().replace(/(\d)_(?=\d)/g, '$1');
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(trimmed)) return Number(trimmed);
  const special = /^([-+]?)(inf|infinity|nan)$/i.exec(trimmed);
  if (special === null) return undefined;
  if (special[2]?.toLowerCase() === 'nan') return Number.NaN;
  return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** Rounds to a number of digits, ties to the even digit, as Python's round() does with the exact value of the double. */
export function roundHalfEven(value: number, digits: number): number {
  if (!Number.isFinite(value)) return value;
  if (digits < 0) {
    const unit = 10 ** -digits;
    return roundHalfEven(value / unit, 0) * unit;
  }
  if (digits > 22) return value;
  const exact = Math.abs(value).toFixed(Math.min(100, digits + 60));
  const point = exact.indexOf('.');
  const dropped = exact.slice(point + 1 + digits);
  let rounded = Math.abs(value).toFixed(digits);
  if (/^50*$/.test(dropped)) {
    const kept = exact.slice(0, point + 1 + digits).replace(/\.$/, '');
    if (Number(kept.at(-1)) % 2 === 0) rounded = kept;
  }
  return Math.sign(value) * Number(rounded);
}
