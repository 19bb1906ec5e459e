import { equal, order } from '../values/compare.js';
import { listOf } from '../values/iterate.js';
import { typeError } from '../values/raise.js';
import { isTrue } from '../values/truth.js';
import { noKeywords, type PyValue } from '../values/value.js';
import { integerArgument, method, type Method } from './method.js';

function indexOf(list: readonly PyValue[], value: PyValue, start = 0): number {
  return list.findIndex((item, index) => index >= start && equal(item, value));
}

function position(list: readonly PyValue[], index: number): number {
  return index < 0 ? Math.max(0, list.length + index) : Math.min(index, list.length);
}

/** Sorts in place by Python's order, stably; `key` is a callable or none. */
export function sortList(list: PyValue[], key: PyValue | undefined, reverse: boolean): void {
  const keyed = list.map((item) => ({
    item,
    key: typeof key === 'function' ? key([item], noKeywords) : item,
  }));
  keyed.sort((left, right) => (reverse ? order(right.key, left.key) : order(left.key, right.key)));
  keyed.forEach(({ item }, index) => (list[index] = item));
}

const counting: readonly (readonly [string, Method<PyValue[]>])[] = [
  [
    'index',
    method('index', ['value', 'start', 'stop'], 1, (self: PyValue[], value, start) => {
      const at = indexOf(self, value ?? null, integerArgument(start, 0));
      if (at === -1) throw typeError('the value is not in the list');
      return at;
    }),
  ],
  [
    'count',
    method('count', ['value'], 1, (self: PyValue[], value) => self.filter((item) => equal(item, value ?? null)).length),
  ],
];

/** The methods of tuple. */
export const tupleMethods: ReadonlyMap<string, Method<PyValue[]>> = new Map(counting);

/** The methods of list. */
export const listMethods: ReadonlyMap<string, Method<PyValue[]>> = new Map<string, Method<PyValue[]>>([
  ...counting,
  [
    'append',
    method('append', ['object'], 1, (self: PyValue[], value) => {
      self.push(value ?? null);
      return null;
    }),
  ],
  [
    'extend',
    method('extend', ['iterable'], 1, (self: PyValue[], items) => {
      for (const item of listOf(items ?? null)) self.push(item);
      return null;
    }),
  ],
  [
    'insert',
    method('insert', ['index', 'object'], 2, (self: PyValue[], index, value) => {
      self.splice(position(self, integerArgument(index, 0)), 0, value ?? null);
      return null;
    }),
  ],
  [
    'pop',
    method('pop', ['index'], 0, (self: PyValue[], index) => {
      if (self.length === 0) throw typeError('pop from empty list');
      const at = integerArgument(index, -1);
      const [value] = self.splice(at < 0 ? self.length + at : at, 1);
      if (value === undefined) throw typeError('pop index out of range');
      return value;
    }),
  ],
  [
    'remove',
    method('remove', ['value'], 1, (self: PyValue[], value) => {
      const at = indexOf(self, value ?? null);
      if (at === -1) throw typeError('list.remove(x): x not in list');
      self.splice(at, 1);
      return null;
    }),
  ],
  [
    'sort',
    (self, _args, keywords) => {
      sortList(self, keywords.get('key'), isTrue(keywords.get('reverse') ?? false));
      return null;
    },
  ],
  [
    'reverse',
    method('reverse', [], 0, (self: PyValue[]) => {
      self.reverse();
      return null;
    }),
  ],
  [
    'clear',
    method('clear', [], 0, (self: PyValue[]) => {
      self.length = 0;
      return null;
    }),
  ],
  ['copy', method('copy', [], 0, (self: PyValue[]) => [...self])],
]);
