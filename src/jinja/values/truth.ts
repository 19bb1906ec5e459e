import { PyFloat } from './float.js';
import { HostObject, PyDict, PySet, type PyValue, Undefined } from './value.js';

/** Python's truth: empty texts and collections, zero, None and undefined are false. */
export function isTrue(value: PyValue): boolean {
  if (value === null || value === undefined) return false;
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'string':
      return value !== '';
    case 'number':
      return value !== 0;
    case 'bigint':
      return value !== 0n;
    case 'function':
      return true;
    default:
  }
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof PyDict || value instanceof PySet) return value.size > 0;
  if (value instanceof PyFloat) return value.value !== 0;
  if (value instanceof Undefined) return false;
  if (value instanceof HostObject) {
    if (value.isTruthy !== undefined) return value.isTruthy();
    return value.length === undefined ? true : value.length() > 0;
  }
  return true;
}
