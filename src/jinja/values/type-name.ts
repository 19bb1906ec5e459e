import { PyFloat } from './float.js';
import { PyDict, PySet, PyTuple, type PyValue, Undefined } from './value.js';

/** Python's name of a value's type, as error messages have it. */
export function typeName(value: PyValue): string {
  if (value === null) return 'NoneType';
  switch (typeof value) {
    case 'string':
      return 'str';
    case 'boolean':
      return 'bool';
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float';
    case 'bigint':
      return 'int';
    case 'function':
      return 'function';
    default:
  }
  if (value instanceof PyFloat) return 'float';
  if (value instanceof PyTuple) return 'tuple';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Undefined) return 'Undefined';
  if (value instanceof PyDict) return 'dict';
  if (value instanceof PySet) return 'set';
  return value.pyType;
}
