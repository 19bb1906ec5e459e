import { DictView } from '../values/dict-view.js';
import { iterate, listOf } from '../values/iterate.js';
import { typeError } from '../values/raise.js';
import { orElse } from '../values/or-else.js';
import { toRepr } from '../values/text.js';
import { typeName } from '../values/type-name.js';
import { HostObject, PyDict, type PyValue, tuple, Undefined } from '../values/value.js';
import { method, type Method } from './method.js';

/** Entries of a dict, of a mapping of the host, or of an iterable of pairs. */
export function entriesOf(value: PyValue): (readonly [PyValue, PyValue])[] {
  if (value instanceof PyDict) return [...value];
  if (value instanceof Undefined) return value.raise();
  if (value instanceof HostObject && value.isMapping === true && value.iterate !== undefined) {
    return Array.from(value.iterate(), (key) => [key, value.getItem?.(key) ?? null] as const);
  }
  return Array.from(iterate(value), (pair, index) => {
    const items = Array.isArray(pair) || typeof pair === 'string' ? listOf(pair) : [];
    if (items.length !== 2) {
      throw typeError(
        Array.isArray(pair)
          ? `dictionary update sequence element #${index} has length ${items.length}; 2 is required`
          : `cannot convert dictionary update sequence element #${index} to a sequence (${typeName(pair)})`,
      );
    }
    return [items[0] ?? null, items[1] ?? null] as const;
  });
}

/** The methods of dict. */
export const dictMethods: ReadonlyMap<string, Method<PyDict>> = new Map<string, Method<PyDict>>([
  ['keys', method('keys', [], 0, (self: PyDict) => new DictView(self, 'keys'))],
  ['values', method('values', [], 0, (self: PyDict) => new DictView(self, 'values'))],
  ['items', method('items', [], 0, (self: PyDict) => new DictView(self, 'items'))],
  [
    'get',
    method('get', ['key', 'default'], 1, (self: PyDict, key, fallback) =>
      orElse(self.get(key ?? null), fallback ?? null),
    ),
  ],
  [
    'pop',
    method('pop', ['key', 'default'], 1, (self: PyDict, key, fallback) => {
      const value = self.get(key ?? null);
      self.delete(key ?? null);
      if (value !== undefined) return value;
      if (fallback === undefined) throw typeError(`KeyError: ${toRepr(key ?? null)}`);
      return fallback;
    }),
  ],
  [
    'popitem',
    method('popitem', [], 0, (self: PyDict) => {
      const last = [...self].at(-1);
      if (last === undefined) throw typeError('popitem(): dictionary is empty');
      self.delete(last[0]);
      return tuple(last);
    }),
  ],
  [
    'setdefault',
    method('setdefault', ['key', 'default'], 1, (self: PyDict, key, fallback) => {
      const value = self.get(key ?? null);
      if (value !== undefined) return value;
      self.set(key ?? null, fallback ?? null);
      return fallback ?? null;
    }),
  ],
  [
    'update',
    (self, args, keywords) => {
      if (args.length > 1) throw typeError(`update expected at most 1 argument, got ${args.length}`);
      for (const value of args) for (const [key, item] of entriesOf(value)) self.set(key, item);
      for (const [key, item] of keywords) self.set(key, item);
      return null;
    },
  ],
  ['copy', method('copy', [], 0, (self: PyDict) => new PyDict(self))],
  [
    'clear',
    method('clear', [], 0, (self: PyDict) => {
      self.clear();
      return null;
    }),
  ],
]);
