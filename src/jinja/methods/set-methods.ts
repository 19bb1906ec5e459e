import { iterate, listOf } from '../values/iterate.js';
import { typeError } from '../values/raise.js';
import { toRepr } from '../values/text.js';
import { PySet, type PyValue } from '../values/value.js';
import { method, type Method } from './method.js';

function combining(
  name: string,
  keep: (self: PySet, others: PySet[]) => Iterable<PyValue>,
): readonly [string, Method<PySet>] {
  return [
    name,
    (self, args) =>
      new PySet(
        keep(
          self,
          args.map((argument) => new PySet(iterate(argument))),
        ),
      ),
  ];
}

function comparing(name: string, test: (self: PySet, other: PySet) => boolean): readonly [string, Method<PySet>] {
  return [name, method(name, ['other'], 1, (self: PySet, other) => test(self, new PySet(iterate(other ?? null))))];
}

const isSubset = (left: PySet, right: PySet): boolean => [...left].every((item) => right.has(item));

/** The methods of set. */
export const setMethods: ReadonlyMap<string, Method<PySet>> = new Map<string, Method<PySet>>([
  [
    'add',
    method('add', ['elem'], 1, (self: PySet, value) => {
      self.add(value ?? null);
      return null;
    }),
  ],
  [
    'update',
    (self, args) => {
      for (const argument of args) for (const item of listOf(argument)) self.add(item);
      return null;
    },
  ],
  [
    'remove',
    method('remove', ['elem'], 1, (self: PySet, value) => {
      if (!self.delete(value ?? null)) throw typeError(`KeyError: ${toRepr(value ?? null)}`);
      return null;
    }),
  ],
  [
    'discard',
    method('discard', ['elem'], 1, (self: PySet, value) => {
      self.delete(value ?? null);
      return null;
    }),
  ],
  [
    'pop',
    method('pop', [], 0, (self: PySet) => {
      for (const value of self) {
        self.delete(value);
        return value;
      }
      throw typeError("KeyError: 'pop from an empty set'");
    }),
  ],
  [
    'clear',
    method('clear', [], 0, (self: PySet) => {
      self.clear();
      return null;
    }),
  ],
  ['copy', method('copy', [], 0, (self: PySet) => new PySet(self))],
  combining('union', (self, others) => [...self, ...others.flatMap((other) => [...other])]),
  combining('intersection', (self, others) => [...self].filter((item) => others.every((other) => other.has(item)))),
  combining('difference', (self, others) => [...self].filter((item) => !others.some((other) => other.has(item)))),
  combining('symmetric_difference', (self, [other = new PySet()]) => [
    ...[...self].filter((item) => !other.has(item)),
    ...[...other].filter((item) => !self.has(item)),
  ]),
  comparing('issubset', isSubset),
  comparing('issuperset', (self, other) => isSubset(other, self)),
  comparing('isdisjoint', (self, other) => ![...self].some((item) => other.has(item))),
]);
