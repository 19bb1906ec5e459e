import { PyFloat } from '../values/float.js';
import { negate } from '../values/operators.js';
import {
  integer,
  isFloat,
  isNumeric,
  parseFloatText,
  parseInteger,
  roundHalfEven,
  toNumber,
} from '../values/numbers.js';
import { orElse } from '../values/or-else.js';
import { typeError } from '../values/raise.js';
import { less } from '../values/compare.js';
import { toText } from '../values/text.js';
import { typeName } from '../values/type-name.js';
import { HostObject, type PyValue, Undefined } from '../values/value.js';
import { filter, type Filter } from './filter.js';

function toInteger(value: PyValue, [fallback, base]: readonly (PyValue | undefined)[]): PyValue {
  const otherwise = orElse(fallback, 0);
  if (typeof value === 'string' || value instanceof HostObject) {
    const text = toText(value);
    const parsed = parseInteger(text, typeof base === 'number' ? base : 10);
    if (parsed !== undefined) return parsed;
    const float = parseFloatText(text);
    return float === undefined || !Number.isFinite(float) ? otherwise : integer(BigInt(Math.trunc(float)));
  }
  if (value instanceof Undefined) return otherwise;
  if (!isNumeric(value)) return otherwise;
  if (typeof value === 'bigint') return value;
  const number = toNumber(value);
  return Number.isFinite(number) ? integer(BigInt(Math.trunc(number))) : otherwise;
}

function toFloat(value: PyValue, [fallback]: readonly (PyValue | undefined)[]): PyValue {
  const parsed =
    typeof value === 'string' || value instanceof HostObject
      ? parseFloatText(toText(value))
      : isNumeric(value)
        ? toNumber(value)
        : undefined;
  return parsed === undefined ? orElse(fallback, new PyFloat(0)) : new PyFloat(parsed);
}

function round(value: PyValue, [precision, method]: readonly (PyValue | undefined)[]): PyValue {
  const digits = precision === undefined ? 0 : toNumber(precision as number);
  const how = method === undefined ? 'common' : toText(method);
  if (!['common', 'ceil', 'floor'].includes(how)) throw typeError('method must be common, ceil or floor');
  const number = value instanceof HostObject ? new PyFloat(Number(value.toText())) : value;
  if (number instanceof Undefined) return number.raise();
  if (!isNumeric(number)) throw typeError(`type ${typeName(value)} doesn't define __round__ method`);
  if (how === 'common') {
    if (!isFloat(number) && digits >= 0) return typeof number === 'boolean' ? Number(number) : number;
    const rounded = roundHalfEven(toNumber(number), digits);
    return isFloat(number) ? new PyFloat(rounded) : rounded;
  }
  const unit = 10 ** digits;
  const scaled = toNumber(number) * unit;
  return new PyFloat((how === 'ceil' ? Math.ceil(scaled) : Math.floor(scaled)) / unit);
}

/** Filters of numbers. */
export const numberFilters: readonly (readonly [string, Filter])[] = [
  filter('int', ['default', 'base'], toInteger),
  filter('float', ['default'], toFloat),
  filter('round', ['precision', 'method'], round),
  filter('abs', [], (value) => (less(value, 0) ? negate(value) : typeof value === 'boolean' ? Number(value) : value)),
];
