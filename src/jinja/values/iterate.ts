import { typeError } from './raise.js';
import { typeName } from './type-name.js';
import { HostObject, PyDict, PySet, type PyValue, Undefined } from './value.js';

/** What a `for` goes over: items, a dict's keys, a text's characters; nothing for undefined. Raises JINJA.TYPE for what cannot be iterated. */
export function iterate(value: PyValue): Iterable<PyValue> {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return value;
  if (value instanceof PyDict) return value.keys();
  if (value instanceof PySet) return value;
  if (value instanceof Undefined) return [];
  if (value instanceof HostObject && value.iterate !== undefined) return value.iterate();
  throw typeError(`'${typeName(value)}' object is not iterable`);
}

/** The items as an array of its own. */
export function listOf(value: PyValue): PyValue[] {
  return Array.from(iterate(value));
}

/** Python's len(); undefined where the value has no length. */
export function lengthOf(value: PyValue): number | undefined {
  if (typeof value === 'string') return isPlain(value) ? value.length : Array.from(value).length;
  if (Array.isArray(value)) return value.length;
  if (value instanceof PyDict || value instanceof PySet) return value.size;
  if (value instanceof Undefined) return 0;
  if (value instanceof HostObject) return value.length?.();
  return undefined;
}

/** Has the text no character beyond the first plane, so that UTF-16 units are its characters? */
export function isPlain(text: string): boolean {
  return !/[\ud800-\udfff]/.test(text);
}

/** The text's characters, as Python counts them. */
export function charactersOf(text: string): string | string[] {
  return isPlain(text) ? text : Array.from(text);
}
