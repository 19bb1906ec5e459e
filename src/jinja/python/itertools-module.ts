import { add } from '../values/operators.js';
import { PyGenerator } from '../values/generator.js';
import { iterate, listOf } from '../values/iterate.js';
import { typeError } from '../values/raise.js';
import { isTrue } from '../values/truth.js';
import { hostFunction, type Keywords, noKeywords, type PyValue, tuple } from '../values/value.js';
import { PythonClass } from './python-class.js';

type Items = Generator<PyValue, void>;
type Make = (args: readonly PyValue[], keywords: Keywords) => Items;

function* product(lists: readonly (readonly PyValue[])[]): Items {
  const [first, ...rest] = lists;
  if (first === undefined) return void (yield tuple([]));
  for (const item of first) for (const tail of product(rest)) yield tuple([item, ...(tail as PyValue[])]);
}

function* chosen(
  items: readonly PyValue[],
  length: number,
  next: (index: number, used: readonly number[]) => boolean,
  used: readonly number[] = [],
): Items {
  if (used.length === length) return void (yield tuple(used.map((index) => items[index] ?? null)));
  for (let index = 0; index < items.length; index += 1) {
    if (next(index, used)) yield* chosen(items, length, next, [...used, index]);
  }
}

function call(callable: PyValue | undefined, ...args: PyValue[]): PyValue {
  if (typeof callable === 'function') return callable(args, noKeywords);
  throw typeError('a function was expected');
}

const makers: Readonly<Record<string, Make>> = {
  *chain(args) {
    for (const argument of args) yield* iterate(argument);
  },
  *product(args, keywords) {
    const repeat = Number(keywords.get('repeat') ?? 1);
    const lists = args.map(listOf);
    yield* product(Array.from({ length: repeat }, () => lists).flat());
  },
  *combinations([items = [], length]) {
    yield* chosen(listOf(items), Number(length), (index, used) => index > (used.at(-1) ?? -1));
  },
  *combinations_with_replacement([items = [], length]) {
    yield* chosen(listOf(items), Number(length), (index, used) => index >= (used.at(-1) ?? 0));
  },
  *permutations([items = [], length]) {
    const all = listOf(items);
    yield* chosen(
      all,
      length === undefined || length === null ? all.length : Number(length),
      (index, used) => !used.includes(index),
    );
  },
  *zip_longest(args, keywords) {
    const lists = args.map(listOf);
    const length = Math.max(0, ...lists.map((list) => list.length));
    const fill = keywords.get('fillvalue') ?? null;
    for (let index = 0; index < length; index += 1)
      yield tuple(lists.map((list) => (index < list.length ? (list[index] ?? null) : fill)));
  },
  *islice([items = [], ...bounds]) {
    const [start, stop, step = 1] = bounds.length === 1 ? [0, bounds[0]] : bounds;
    let index = 0;
    for (const item of iterate(items)) {
      if (stop !== null && stop !== undefined && index >= Number(stop)) return;
      if (index >= Number(start ?? 0) && (index - Number(start ?? 0)) % Number(step ?? 1) === 0) yield item;
      index += 1;
    }
  },
  *accumulate([items = [], fn]) {
    let total: PyValue | undefined;
    for (const item of iterate(items)) {
      total = total === undefined ? item : fn === undefined || fn === null ? add(total, item) : call(fn, total, item);
      yield total;
    }
  },
  *repeat([item = null, times]) {
    for (let index = 0; times === undefined || index < Number(times); index += 1) yield item;
  },
  *count([start = 0, step = 1]) {
    for (let value: PyValue = start; ; value = add(value, step)) yield value;
  },
  *cycle([items = []]) {
    const all = listOf(items);
    while (all.length > 0) yield* all;
  },
  *compress([items = [], selectors = []]) {
    const wanted = listOf(selectors);
    for (const [index, item] of listOf(items).entries()) if (isTrue(wanted[index] ?? false)) yield item;
  },
  *takewhile([predicate, items = []]) {
    for (const item of iterate(items)) {
      if (!isTrue(call(predicate, item))) return;
      yield item;
    }
  },
  *dropwhile([predicate, items = []]) {
    let dropping = true;
    for (const item of iterate(items)) {
      dropping = dropping && isTrue(call(predicate, item));
      if (!dropping) yield item;
    }
  },
  *filterfalse([predicate, items = []]) {
    for (const item of iterate(items)) {
      if (!isTrue(predicate === null || predicate === undefined ? item : call(predicate, item))) yield item;
    }
  },
  *starmap([fn, items = []]) {
    for (const item of iterate(items)) yield call(fn, ...listOf(item));
  },
};

/** Python's module itertools. */
export const itertoolsModule = new PythonClass(
  'itertools',
  Object.entries(makers).map(
    ([name, make]) => [name, hostFunction(name, (args, keywords) => new PyGenerator(make(args, keywords)))] as const,
  ),
);
