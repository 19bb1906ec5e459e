import { integer } from '../values/numbers.js';
import { toText } from '../values/text.js';
import { type PyValue, Undefined } from '../values/value.js';
import type { FilterContext } from './filter.js';

/** A function that takes `a.b.0` (or an index) from a value; what is missing is the default, where there is one. */
export function attributeGetter(
  context: FilterContext,
  path: PyValue | undefined,
  fallback?: PyValue,
): (value: PyValue) => PyValue {
  if (path === undefined || path === null) return (value) => value;
  const keys: PyValue[] =
    typeof path === 'string' ? path.split('.').map((key) => (/^\d+$/.test(key) ? integer(BigInt(key)) : key)) : [path];
  return (value) => {
    let found = value;
    for (const key of keys) {
      found = context.item(found, key);
      if (fallback !== undefined && found instanceof Undefined) return fallback;
    }
    return found;
  };
}

/** Small letters for a text, where case does not count. */
export function ignoreCase(value: PyValue): PyValue {
  return typeof value === 'string' ? toText(value).toLowerCase() : value;
}
