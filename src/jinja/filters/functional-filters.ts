import { testByName } from '../is-tests/index.js';
import { PyGenerator } from '../values/generator.js';
import { iterate } from '../values/iterate.js';
import { typeError } from '../values/raise.js';
import { toText } from '../values/text.js';
import type { PyValue } from '../values/value.js';
import { attributeGetter } from './attribute-path.js';
import type { Filter } from './filter.js';

function lazily(items: () => Iterable<PyValue>): PyGenerator {
  return new PyGenerator(
    (function* () {
      yield* items();
    })(),
  );
}

const map: Filter = (context, value, args, keywords) => {
  if (args.length === 0 && keywords.has('attribute')) {
    const get = attributeGetter(context, keywords.get('attribute'), keywords.get('default'));
    return lazily(function* () {
      for (const item of iterate(value)) yield get(item);
    });
  }
  const [name, ...rest] = args;
  if (name === undefined) throw typeError('map requires a filter argument');
  return lazily(function* () {
    for (const item of iterate(value)) yield context.filter(toText(name), item, rest, keywords);
  });
};

function selecting(wanted: boolean, byAttribute: boolean): Filter {
  return (context, value, args, keywords) => {
    const given = [...args];
    if (byAttribute && given.length === 0) throw typeError('Missing parameter for attribute name');
    const get = byAttribute ? attributeGetter(context, given.shift()) : (item: PyValue): PyValue => item;
    const [name, ...rest] = given;
    const test = testByName(name, rest, keywords);
    return lazily(function* () {
      for (const item of iterate(value)) if (test(get(item)) === wanted) yield item;
    });
  };
}

/** Filters that take a filter or a test for each item; they give their items one at a time. */
export const functionalFilters: readonly (readonly [string, Filter])[] = [
  ['map', map],
  ['select', selecting(true, false)],
  ['reject', selecting(false, false)],
  ['selectattr', selecting(true, true)],
  ['rejectattr', selecting(false, true)],
];
