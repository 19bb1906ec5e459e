import { PyFloat } from '../values/float.js';
import { floatExponent, floatFixed, floatGeneral, groupSign } from '../values/format-number.js';
import { isNumeric, toNumber } from '../values/numbers.js';
import { typeError } from '../values/raise.js';
import { toText } from '../values/text.js';
import { typeName } from '../values/type-name.js';
import { HostObject, noKeywords, type PyValue } from '../values/value.js';

const pattern = /^(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/su;

/** Python's format specification (`>10`, `,.2f`, `08d`; of dates strftime's) applied to a value. */
export function formatSpec(value: PyValue, spec: string): string {
  if (value instanceof HostObject) {
    const strftime = value.getAttribute('strftime');
    if (typeof strftime === 'function' && spec !== '') return toText(strftime([spec], noKeywords));
  }
  const match = pattern.exec(spec);
  if (match === null) throw typeError(`Invalid format specifier '${spec}'`);
  const [, fill, align, sign = '', , zero, width = '0', grouping, precisionText, type] = match;
  const precision = precisionText === undefined ? undefined : Number(precisionText);
  const number =
    value instanceof HostObject && /[eEfFgG%]/.test(type ?? '') ? new PyFloat(Number(value.toText())) : value;
  const isNumber = isNumeric(number) && (typeof number !== 'boolean' || type !== undefined);
  let text: string;
  if (isNumber) text = groupDigits(groupSign(numberText(number, type, precision), sign), grouping);
  else {
    if (type !== undefined && type !== 's') {
      throw typeError(`Unknown format code '${type}' for object of type '${typeName(value)}'`);
    }
    const whole = toText(value);
    text = precision === undefined ? whole : whole.slice(0, precision);
  }
  return align === undefined && zero === undefined
    ? pad(text, Number(width), isNumber ? '>' : '<', ' ')
    : pad(text, Number(width), align ?? '=', fill ?? (zero === undefined ? ' ' : '0'));
}

function numberText(value: number | bigint | boolean | PyFloat, type: string | undefined, precision?: number): string {
  const number = toNumber(value);
  switch (type) {
    case undefined:
      if (value instanceof PyFloat && precision !== undefined) return floatGeneral(number, precision);
      return toText(value);
    case 'd':
    case 'n':
      if (value instanceof PyFloat) throw typeError("Unknown format code 'd' for object of type 'float'");
      return typeof value === 'bigint' ? String(value) : String(number);
    case 'f':
    case 'F':
      return floatFixed(number, precision ?? 6);
    case 'e':
    case 'E': {
      const text = floatExponent(number, precision ?? 6);
      return type === 'E' ? text.toUpperCase() : text;
    }
    case 'g':
    case 'G':
      return floatGeneral(number, precision ?? 6);
    case '%':
      return `${floatFixed(number * 100, precision ?? 6)}%`;
    case 'x':
      return BigInt(number).toString(16);
    case 'X':
      return BigInt(number).toString(16).toUpperCase();
    case 'o':
      return BigInt(number).toString(8);
    case 'b':
      return BigInt(number).toString(2);
    case 'c':
      return String.fromCodePoint(number);
    default:
      throw typeError(`Unknown format code '${type}' for object of type '${typeName(value)}'`);
  }
}

function groupDigits(text: string, separator: string | undefined): string {
  if (separator === undefined) return text;
  return text.replace(/^([-+ ]?)(\d+)/, (_, sign: string, digits: string) => {
    return sign + digits.replace(/\B(?=(\d{3})+$)/g, separator);
  });
}

function pad(text: string, width: number, align: string, fill: string): string {
  const missing = Math.max(0, width - Array.from(text).length);
  switch (align) {
    case '<':
      return text + fill.repeat(missing);
    case '>':
      return fill.repeat(missing) + text;
    case '^': {
      const left = Math.floor(missing / 2);
      return fill.repeat(left) + text + fill.repeat(missing - left);
    }
    default: {
      const sign = /^[-+ ]/.exec(text)?.[0] ?? '';
      return sign + fill.repeat(missing) + text.slice(sign.length);
    }
  }
}
