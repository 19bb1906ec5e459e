/** `top / bottom` rounded half away from zero to two digits, as numeric(12,2) prints it; null for a denominator of 0. */
export function roundedRatio(top: bigint, bottom: bigint): string | null {
  if (bottom === 0n) return null;
  const isNegative = top < 0n !== bottom < 0n;
  const size = (top < 0n ? -top : top) * 100n;
  const divisor = bottom < 0n ? -bottom : bottom;
  const rounded = (size * 2n + divisor) / (divisor * 2n);
  const digits = rounded.toString().padStart(3, '0');
  const text = `${digits.slice(0, -2)}.${digits.slice(-2)}`;
  return isNegative && rounded !== 0n ? `-${text}` : text;
}

/** `numerator / denominator * factor` of whole numbers, rounded as {@link roundedRatio} does. */
export function quotient(numerator: number, denominator: number, factor = 1): string | null {
  return roundedRatio(BigInt(numerator) * BigInt(factor), BigInt(denominator));
}

/** A percentage. */
export const rate = (part: number, whole: number): string | null => quotient(part, whole, 100);

/** The sum of numbers. */
export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The average of whole numbers; null for none. */
export const average = (values: readonly number[]): string | null => quotient(sum(values), values.length);

/** percentile_cont of whole numbers at `percent` hundredths, in units of `unit`, computed without floating point; null for none. */
export function percentile(values: readonly number[], percent: number, unit = 1): string | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((left, right) => left - right).map(BigInt);
  const place = BigInt(percent) * BigInt(sorted.length - 1);
  const below = sorted[Number(place / 100n)] ?? 0n;
  const above = sorted[Number((place + 99n) / 100n)] ?? 0n;
  return roundedRatio(below * 100n + (place % 100n) * (above - below), 100n * BigInt(unit));
}
