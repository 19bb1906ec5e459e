import { PyFloat } from './float.js';
import { PyTuple } from './tuple.js';
import { HostObject, Undefined, type PyValue } from './value.js';

/** Names of the classes that this module may not import (they need it themselves). */
const named = new Map<unknown, string>();

/** Gives a class its Python name. */
export function nameType(type: unknown, name: string): void {
  named.set(type, name);
}

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
  if (value instanceof HostObject) return value.pyType;
  return named.get(value.constructor) ?? value.constructor.name;
}
