import { PyFloat } from './float.js';
import { typeError } from './raise.js';
import { PyTuple } from './tuple.js';
import { HostObject, type PyValue } from './value.js';
import { typeName } from './type-name.js';

/** A JavaScript Map key that is the same for values that Python holds equal (1, 1.0 and True); raises for what cannot be hashed. */
export function hashKey(value: PyValue): unknown {
  switch (typeof value) {
    case 'string':
      return value.startsWith('\u0000') ? `\u0000s${value}` : value;
    case 'number':
    case 'bigint':
      return value;
    case 'boolean':
      return Number(value);
    case 'function':
      return value;
    default:
  }
  if (value === null) return null;
  if (value instanceof PyFloat) return value.value;
  if (value instanceof PyTuple) {
    return `\u0000(${Array.from(value, (item) => `${typeof hashKey(item)}:${String(hashKey(item))}`).join('\u0001')})`;
  }
  if (value instanceof HostObject) {
    const key = value.hashKey?.();
    return key === undefined ? value : `\u0000${value.pyType}:${key}`;
  }
  if (Array.isArray(value) || typeName(value) === 'dict' || typeName(value) === 'set') {
    throw typeError(`unhashable type: '${typeName(value)}'`);
  }
  return value;
}
