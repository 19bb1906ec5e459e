/** `numerator / denominator * factor` rounded half away from zero to two digits, as numeric(12,2) prints it; null for a denominator of 0. */
export function quotient(numerator: number, denominator: number, factor = 1): string | null {
  if (denominator === 0) return null;
  const top = BigInt(numerator) * BigInt(factor) * 100n;
  const bottom = BigInt(denominator);
  const sign = top < 0n !== bottom < 0n && top !== 0n ? '-' : '';
  const size = top < 0n ? -top : top;
  const base = bottom < 0n ? -bottom : bottom;
  const rounded = (size * 2n + base) / (base * 2n);
  const digits = rounded.toString().padStart(3, '0');
  const text = `${digits.slice(0, -2)}.${digits.slice(-2)}`;
  return rounded === 0n ? '0.00' : `${sign}${text}`;
}

/** A percentage. */
export const rate = (part: number, whole: number): string | null => quotient(part, whole, 100);
