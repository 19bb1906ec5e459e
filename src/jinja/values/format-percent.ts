import { floatFixed, floatExponent, floatGeneral, groupSign } from './format-number.js';
import { isNumeric, toNumber } from './numbers.js';
import { typeError } from './raise.js';
import { toRepr, toText } from './text.js';
import { typeName } from './type-name.js';
import { HostObject, PyDict, PyTuple, type PyValue } from './value.js';

const directive =
  /%(?:\((?<key>[^)]*)\))?(?<flags>[-0 +#]*)(?<width>\*|\d+)?(?:\.(?<precision>\*|\d+))?[hlL]?(?<type>[a-zA-Z%])/g;

/** `format % values`: printf-formatting of Python; raises JINJA.TYPE for too few or too many values. */
export function formatPercent(format: string, values: PyValue): string {
  const positional = values instanceof PyTuple ? Array.from(values) : [values];
  let used = 0;
  let byKey = false;
  const next = (): PyValue => {
    if (used >= positional.length) throw typeError('not enough arguments for format string');
    const value = positional[used] as PyValue;
    used += 1;
    return value;
  };
  const text = format.replace(directive, (...match: unknown[]) => {
    const groups = match.at(-1) as Record<string, string | undefined>;
    const type = groups['type'] ?? '';
    const flags = groups['flags'] ?? '';
    if (type === '%') return '%';
    const width = groups['width'] === '*' ? Number(next()) : Number(groups['width'] ?? 0);
    const precision =
      groups['precision'] === '*'
        ? Number(next())
        : groups['precision'] === undefined
          ? undefined
          : Number(groups['precision']);
    let value: PyValue;
    if (groups['key'] === undefined) value = next();
    else {
      byKey = true;
      value = keyed(values, groups['key']);
    }
    return pad(convert(type, value, flags, precision), flags, width, type);
  });
  const isMapping = values instanceof PyDict || (values instanceof HostObject && values.isMapping === true);
  if (used < positional.length && !byKey && !isMapping) {
    throw typeError('not all arguments converted during string formatting');
  }
  return text;
}

function keyed(values: PyValue, key: string): PyValue {
  const item =
    values instanceof PyDict ? values.get(key) : values instanceof HostObject ? values.getItem?.(key) : undefined;
  if (item !== undefined) return item;
  throw typeError(values instanceof PyDict ? `KeyError: ${toRepr(key)}` : 'format requires a mapping');
}

function convert(type: string, value: PyValue, flags: string, precision: number | undefined): string {
  switch (type) {
    case 's':
    case 'r':
    case 'a': {
      const text = type === 's' ? toText(value) : toRepr(value);
      return precision === undefined ? text : text.slice(0, precision);
    }
    case 'c':
      return typeof value === 'string' ? value : String.fromCodePoint(Number(value));
    default:
  }
  const number = value instanceof HostObject ? Number(value.toText()) : value;
  if (!isNumeric(number)) {
    throw typeError(`%${type} format: a real number is required, not ${typeName(value)}`);
  }
  const plain = toNumber(number);
  switch (type) {
    case 'd':
    case 'i':
    case 'u':
      return groupSign(typeof number === 'bigint' ? String(number) : String(BigInt(Math.trunc(plain))), flags);
    case 'x':
    case 'X':
    case 'o': {
      const digits = BigInt(Math.trunc(plain)).toString(type === 'o' ? 8 : 16);
      return groupSign(type === 'X' ? digits.toUpperCase() : digits, flags);
    }
    case 'f':
    case 'F':
      return groupSign(floatFixed(plain, precision ?? 6), flags);
    case 'e':
    case 'E': {
      const text = floatExponent(plain, precision ?? 6);
      return groupSign(type === 'E' ? text.toUpperCase() : text, flags);
    }
    case 'g':
    case 'G':
      return groupSign(floatGeneral(plain, precision ?? 6), flags);
    default:
      throw typeError(`unsupported format character '${type}'`);
  }
}

function pad(text: string, flags: string, width: number, type: string): string {
  if (text.length >= width) return text;
  if (flags.includes('-')) return text.padEnd(width);
  if (flags.includes('0') && !'sra'.includes(type)) {
    const sign = /^[-+ ]/.exec(text)?.[0] ?? '';
    return sign + text.slice(sign.length).padStart(width - sign.length, '0');
  }
  return text.padStart(width);
}
