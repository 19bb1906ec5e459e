import { roundHalfEven } from './numbers.js';

/** `%.<digits>f`: ties of the exact value go to the even digit. */
export function floatFixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  const rounded = digits <= 15 ? roundHalfEven(value, digits) : value;
  const text = rounded.toFixed(Math.min(digits, 100));
  return Object.is(value, -0) || (value < 0 && !text.startsWith('-')) ? `-${text}` : text;
}

/** `%.<digits>e`. */
export function floatExponent(value: number, digits: number): string {
  const [mantissa = '', exponent = '+0'] = value.toExponential(digits).split('e');
  return `${mantissa}e${exponent[0] ?? '+'}${exponent.slice(1).padStart(2, '0')}`;
}

/** `%.<digits>g`: fixed or exponent, whichever is shorter, without trailing zeros. */
export function floatGeneral(value: number, digits: number): string {
  if (value === 0) return '0';
  const significant = Math.max(1, digits);
  const exponent = Number(value.toExponential(significant - 1).split('e')[1]);
  if (exponent < -4 || exponent >= significant) {
    const [mantissa = '', rest = ''] = floatExponent(value, significant - 1).split('e');
    return `${dropZeros(mantissa)}e${rest}`;
  }
  return dropZeros(value.toFixed(Math.max(0, significant - 1 - exponent)));
}

/** Puts a plus or a blank before a number that has no minus, where the flags ask for it. */
export function groupSign(text: string, flags: string): string {
  if (text.startsWith('-')) return text;
  return flags.includes('+') ? `+${text}` : flags.includes(' ') ? ` ${text}` : text;
}

function dropZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
