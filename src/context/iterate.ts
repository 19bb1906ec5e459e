import { HostObject, PyDict, PySet, Undefined, typeError, typeName, type PyValue } from '../jinja/index.js';

/** What Python iterates over in a value: items, keys of a dict, characters; JINJA.TYPE for what it cannot. */
export function itemsOf(value: PyValue): Iterable<PyValue> {
  if (typeof value === 'string' || Array.isArray(value) || value instanceof PySet) return value;
  if (value instanceof PyDict) return value.keys();
  if (value instanceof Undefined) return [];
  if (value instanceof HostObject && value.iterate !== undefined) return value.iterate();
  throw typeError(`'${typeName(value)}' object is not iterable`);
}
