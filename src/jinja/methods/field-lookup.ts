import { typeError } from '../values/raise.js';
import { typeName } from '../values/type-name.js';
import { HostObject, PyDict, type PyValue } from '../values/value.js';

/** `.attribute` or `[item]` of a format field; raises JINJA.TYPE where there is none. */
export function findAttributeOrItem(value: PyValue, attribute: string | undefined, item: string | undefined): PyValue {
  if (attribute !== undefined) {
    const found = value instanceof HostObject ? value.getAttribute(attribute) : undefined;
    if (found === undefined) throw typeError(`'${typeName(value)}' object has no attribute '${attribute}'`);
    return found;
  }
  const key = item ?? '';
  const index = /^\d+$/.test(key) ? Number(key) : undefined;
  let found: PyValue | undefined;
  if (Array.isArray(value) || typeof value === 'string') found = index === undefined ? undefined : value[index];
  else if (value instanceof PyDict) found = value.get(index ?? key);
  else if (value instanceof HostObject) found = value.getItem?.(index ?? key);
  if (found === undefined) throw typeError(`KeyError: ${key}`);
  return found;
}
