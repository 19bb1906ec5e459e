import type { Json } from '../../types/index.js';
import { PyFloat } from './float.js';
import { typeError } from './raise.js';
import { toText } from './text.js';
import { typeName } from './type-name.js';
import { HostObject, PyDict, type PyValue } from './value.js';

/** JSON (or any plain data: undefined is None, a Date its ISO text) as template values; objects become dicts, fractions floats. */
export function fromJson(value: unknown): PyValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'bigint':
      return value;
    case 'number':
      return Number.isInteger(value) ? value : new PyFloat(value);
    case 'function':
      return value as PyValue;
    default:
  }
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map(fromJson);
  if (value instanceof PyDict || value instanceof PyFloat || value instanceof HostObject) return value;
  if (value instanceof Date) return value.toISOString();
  return new PyDict(Object.entries(value).map(([key, item]) => [key, fromJson(item)] as const));
}

/** A template value as JSON. Decimals, dates and other objects that say so become text; raises JINJA.TYPE for what JSON lacks. */
export function toJson(value: PyValue): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
    return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof PyFloat) return value.value;
  if (Array.isArray(value)) return Array.from(value, toJson);
  if (value instanceof PyDict) {
    return Object.fromEntries(Array.from(value, ([key, item]) => [jsonKey(key), toJson(item)] as const));
  }
  if (value instanceof HostObject && value.toJsonValue !== undefined) return toJson(fromJson(value.toJsonValue()));
  throw typeError(`Object of type ${typeName(value)} is not JSON serializable`);
}

/** A dict's key as JSON writes it: true, null and numbers become text. */
export function jsonKey(key: PyValue): string {
  if (typeof key === 'string') return key;
  if (key === null) return 'null';
  if (typeof key === 'boolean') return key ? 'true' : 'false';
  if (typeof key === 'number' || typeof key === 'bigint' || key instanceof PyFloat) return toText(key);
  throw typeError(`keys must be str, int, float, bool or None, not ${typeName(key)}`);
}
