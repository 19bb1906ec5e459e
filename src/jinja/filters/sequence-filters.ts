import { entriesOf } from '../methods/dict-methods.js';
import { equal, order } from '../values/compare.js';
import { PyFloat } from '../values/float.js';
import { charactersOf, iterate, lengthOf, listOf } from '../values/iterate.js';
import { add } from '../values/operators.js';
import { typeError } from '../values/raise.js';
import { orElse } from '../values/or-else.js';
import { toText } from '../values/text.js';
import { isTrue } from '../values/truth.js';
import { typeName } from '../values/type-name.js';
import { chance } from '../values/unrepeatable.js';
import { hashKey, HostObject, PyDict, PyTuple, type PyValue, tuple } from '../values/value.js';
import { attributeGetter, ignoreCase } from './attribute-path.js';
import { filter, type Filter, type FilterContext } from './filter.js';

type Given = readonly (PyValue | undefined)[];

function length(value: PyValue): number {
  const found = lengthOf(value);
  if (found === undefined) throw typeError(`object of type '${typeName(value)}' has no len()`);
  return found;
}

function first(value: PyValue, _given: Given, context: FilterContext): PyValue {
  for (const item of iterate(value)) return item;
  return context.missing(null, 'No first item, sequence was empty.');
}

function last(value: PyValue, _given: Given, context: FilterContext): PyValue {
  return orElse(listOf(value).at(-1), context.missing(null, 'No last item, sequence was empty.'));
}

function join(value: PyValue, [separator, attribute]: Given, context: FilterContext): string {
  const get = attributeGetter(context, attribute);
  return Array.from(iterate(value), (item) => toText(get(item))).join(separator === undefined ? '' : toText(separator));
}

function sort(value: PyValue, [reverse, caseSensitive, attribute]: Given, context: FilterContext): PyValue {
  // `attribute` may name several, with commas between: the list is sorted by the tuple of them.
  const paths = typeof attribute === 'string' ? attribute.split(',') : [attribute];
  const getters = paths.map((path) => attributeGetter(context, path));
  const fold = isTrue(caseSensitive ?? false) ? (key: PyValue): PyValue => key : ignoreCase;
  const keyed = listOf(value).map((item) => ({ item, keys: getters.map((get) => fold(get(item))) }));
  const direction = isTrue(reverse ?? false) ? -1 : 1;
  keyed.sort((left, right) => direction * order(left.keys, right.keys));
  return keyed.map(({ item }) => item);
}

function unique(value: PyValue, [caseSensitive, attribute]: Given, context: FilterContext): PyValue {
  const get = attributeGetter(context, attribute);
  const seen = new Set<unknown>();
  return listOf(value).filter((item) => {
    const key = hashKey(isTrue(caseSensitive ?? false) ? get(item) : ignoreCase(get(item)));
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function extreme(sign: 1 | -1) {
  return (value: PyValue, [caseSensitive, attribute]: Given, context: FilterContext): PyValue => {
    const get = attributeGetter(context, attribute);
    const key = (item: PyValue): PyValue => (isTrue(caseSensitive ?? false) ? get(item) : ignoreCase(get(item)));
    let best: PyValue | undefined;
    for (const item of iterate(value)) {
      if (best === undefined || sign * order(key(item), key(best), sign > 0 ? '>' : '<') > 0) best = item;
    }
    return orElse(best, context.missing(null, 'No aggregated item, sequence was empty.'));
  };
}

function reverse(value: PyValue): PyValue {
  if (typeof value === 'string') return Array.from(charactersOf(value)).reverse().join('');
  return listOf(value).reverse();
}

function sum(value: PyValue, [attribute, start]: Given, context: FilterContext): PyValue {
  const get = attributeGetter(context, attribute);
  let total: PyValue = orElse(start, 0);
  for (const item of iterate(value)) total = add(total, get(item));
  return total;
}

function batch(value: PyValue, [size, fill]: Given): PyValue {
  const width = Number(size);
  const rows: PyValue[][] = [];
  for (const item of iterate(value)) {
    if (rows.at(-1)?.length === width || rows.length === 0) rows.push([]);
    rows.at(-1)?.push(item);
  }
  const tail = rows.at(-1);
  if (fill !== undefined && fill !== null) while (tail !== undefined && tail.length < width) tail.push(fill);
  return rows;
}

function sliceInto(value: PyValue, [count, fill]: Given): PyValue {
  const items = listOf(value);
  const columns = Number(count);
  const each = Math.floor(items.length / columns);
  const longer = items.length % columns;
  let at = 0;
  return Array.from({ length: columns }, (_, index) => {
    const column = items.slice(at, at + each + (index < longer ? 1 : 0));
    at += column.length;
    if (fill !== undefined && fill !== null && index >= longer && longer > 0) column.push(fill);
    return column;
  });
}

function groupBy(value: PyValue, [attribute, fallback, caseSensitive]: Given, context: FilterContext): PyValue {
  const get = attributeGetter(context, attribute, fallback);
  const fold = isTrue(caseSensitive ?? false) ? (key: PyValue): PyValue => key : ignoreCase;
  const items = listOf(value).map((item) => ({ item, key: get(item) }));
  items.sort((left, right) => order(fold(left.key), fold(right.key)));
  const groups: { key: PyValue; list: PyValue[] }[] = [];
  for (const { item, key } of items) {
    const group = groups.at(-1);
    if (group !== undefined && equal(fold(group.key), fold(key))) group.list.push(item);
    else groups.push({ key, list: [item] });
  }
  return groups.map(({ key, list }) => new Group(key, list));
}

/** A group of `groupby`: a pair that also has names. */
class Group extends HostObject {
  constructor(
    readonly grouper: PyValue,
    readonly list: PyValue[],
  ) {
    super();
  }
  override readonly isSequence = true;
  getAttribute(name: string): PyValue | undefined {
    return name === 'grouper' ? this.grouper : name === 'list' ? this.list : undefined;
  }
  override getItem(key: PyValue): PyValue | undefined {
    return key === 0 ? this.grouper : key === 1 ? this.list : undefined;
  }
  override iterate(): Iterable<PyValue> {
    return [this.grouper, this.list];
  }
  override length(): number {
    return 2;
  }
  toText(): string {
    return toText(tuple([this.grouper, this.list]));
  }
}

function dictSort(value: PyValue, [caseSensitive, by, reversed]: Given): PyValue {
  const index = by === undefined || by === 'key' ? 0 : 1;
  const fold = isTrue(caseSensitive ?? false) ? (key: PyValue): PyValue => key : ignoreCase;
  const direction = isTrue(reversed ?? false) ? -1 : 1;
  return entriesOf(value)
    .sort((left, right) => direction * order(fold(left[index]), fold(right[index])))
    .map((entry) => tuple(entry));
}

const lengthNames = ['length', 'count'];

/** Filters of lists, dicts and texts as sequences. */
export const sequenceFilters: readonly (readonly [string, Filter])[] = [
  ...lengthNames.map((name) => filter(name, [], length)),
  filter('first', [], first),
  filter('last', [], last),
  filter('join', ['d', 'attribute'], join),
  filter('list', [], listOf),
  filter('sort', ['reverse', 'case_sensitive', 'attribute'], sort),
  filter('unique', ['case_sensitive', 'attribute'], unique),
  filter('min', ['case_sensitive', 'attribute'], extreme(-1)),
  filter('max', ['case_sensitive', 'attribute'], extreme(1)),
  filter('sum', ['attribute', 'start'], sum),
  filter('reverse', [], reverse),
  filter('batch', ['linecount', 'fill_with'], batch, 1),
  filter('slice', ['slices', 'fill_with'], sliceInto, 1),
  filter('groupby', ['attribute', 'default', 'case_sensitive'], groupBy, 1),
  filter('dictsort', ['case_sensitive', 'by', 'reverse'], dictSort),
  filter('items', [], (value) => entriesOf(value).map((entry) => tuple(entry))),
  filter('random', [], (value, _given, context) => {
    const items = listOf(value instanceof PyDict ? [...value.values()] : value);
    return orElse(
      items[Math.floor(chance() * items.length)],
      context.missing(null, 'No random item, sequence was empty.'),
    );
  }),
  filter('is_list', [], (value) => Array.isArray(value) && !(value instanceof PyTuple)),
  filter('xmlattr', ['autospace'], (value) =>
    entriesOf(value)
      .filter(([, item]) => item !== null)
      .map(([key, item]) => ` ${toText(key)}="${toText(item instanceof PyFloat ? item : item)}"`)
      .join(''),
  ),
];
