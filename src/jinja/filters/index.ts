import { tellFilters } from '../is-tests/index.js';
import { orElse } from '../values/or-else.js';
import { typeError } from '../values/raise.js';
import { isTrue } from '../values/truth.js';
import { toText } from '../values/text.js';
import { type Keywords, type PyValue, Undefined } from '../values/value.js';
import { filter, type Filter, type FilterContext } from './filter.js';
import { functionalFilters } from './functional-filters.js';
import { jsonFilters } from './json-filter.js';
import { nativeFilters } from './native-marker.js';
import { numberFilters } from './number-filters.js';
import { sequenceFilters } from './sequence-filters.js';
import { textFilters } from './text-filters.js';

const defaultNames = ['default', 'd'];

/** All filters, by name. */
const filters: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ...textFilters,
  ...numberFilters,
  ...sequenceFilters,
  ...functionalFilters,
  ...jsonFilters,
  ...nativeFilters,
  ...defaultNames.map((name) =>
    filter(name, ['default_value', 'boolean'], (value, [fallback, boolean]) =>
      value instanceof Undefined || (isTrue(boolean ?? false) && !isTrue(value)) ? orElse(fallback, '') : value,
    ),
  ),
  filter('attr', ['name'], (value, [name], context) => context.ownAttribute(value, toText(name ?? null)), 1),
]);

tellFilters(hasFilter);

/** Is there a filter of this name? */
export function hasFilter(name: string): boolean {
  return filters.has(name);
}

/** The names of all filters. */
export function filterNames(): Iterable<string> {
  return filters.keys();
}

/** `value | name(args)`. */
export function applyFilter(
  context: FilterContext,
  name: string,
  value: PyValue,
  args: readonly PyValue[],
  keywords: Keywords,
): PyValue {
  const found = filters.get(name);
  if (found === undefined) throw typeError(`there is no filter '${name}'`);
  return found(context, value, args, keywords);
}
