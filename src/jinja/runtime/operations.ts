import { contains, equal, greater, greaterOrEqual, less, lessOrEqual } from '../values/compare.js';
import { PyFloat } from '../values/float.js';
import { PyGenerator } from '../values/generator.js';
import { iterate, listOf } from '../values/iterate.js';
import * as operators from '../values/operators.js';
import { typeError } from '../values/raise.js';
import { toText } from '../values/text.js';
import { isTrue } from '../values/truth.js';
import { typeName } from '../values/type-name.js';
import { HostObject, type Keywords, noKeywords, PyDict, type PyValue, tuple, Undefined } from '../values/value.js';
import { Namespace } from './namespace.js';
import { slice } from './slice.js';

/** Items of an assignment to several names. */
function unpack(value: PyValue, count: number): PyValue[] {
  if (value instanceof Undefined && count > 0) return value.raise();
  if (!(Array.isArray(value) || typeof value === 'string' || typeof value === 'object') || value === null) {
    throw typeError(`cannot unpack non-iterable ${typeName(value)} object`);
  }
  const items = listOf(value);
  if (items.length > count) throw typeError(`too many values to unpack (expected ${count})`);
  if (items.length < count) throw typeError(`not enough values to unpack (expected ${count}, got ${items.length})`);
  return items;
}

/** Keywords as written and those of a `**` mapping. */
function keywords(written: readonly (readonly [string, PyValue])[], mapping: PyValue): Keywords {
  const all = new Map(written);
  for (const [key, value] of mappingEntries(mapping)) {
    if (typeof key !== 'string') throw typeError('keywords must be strings');
    if (all.has(key)) throw typeError(`got multiple values for keyword argument '${key}'`);
    all.set(key, value);
  }
  return all;
}

function mappingEntries(mapping: PyValue): Iterable<readonly [PyValue, PyValue]> {
  if (mapping instanceof PyDict) return mapping;
  if (mapping instanceof Undefined) return [];
  if (mapping instanceof HostObject && mapping.isMapping === true && mapping.iterate !== undefined) {
    return Array.from(mapping.iterate(), (key) => [key, mapping.getItem?.(key) ?? null] as const);
  }
  throw typeError(`argument after ** must be a mapping, not ${typeName(mapping)}`);
}

function setAttribute(target: PyValue, name: string, value: PyValue): void {
  if (!(target instanceof Namespace)) throw typeError('cannot assign attribute on non-namespace object');
  target.values.set(name, value);
}

/** The items that a loop's condition lets pass, asked when their turn comes. */
function selected(items: PyValue, condition: (item: PyValue) => boolean): PyGenerator {
  const all = iterate(items);
  return new PyGenerator(
    (function* () {
      for (const item of all) if (condition(item)) yield item;
    })(),
  );
}

/** What compiled templates call P: operations of values that need nothing of the template. */
export const operations = {
  ...operators,
  equal,
  less,
  lessOrEqual,
  greater,
  greaterOrEqual,
  notEqual: (left: PyValue, right: PyValue): boolean => !equal(left, right),
  isIn: (value: PyValue, container: PyValue): boolean => contains(container, value),
  isNotIn: (value: PyValue, container: PyValue): boolean => !contains(container, value),
  isTrue,
  text: toText,
  tuple,
  slice,
  iterate,
  selected,
  unpack,
  keywords,
  noKeywords,
  setAttribute,
  Float: PyFloat,
  Dict: PyDict,
};
