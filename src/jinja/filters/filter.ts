import { bindArguments } from '../values/bind-arguments.js';
import type { Keywords, PyValue, Undefined } from '../values/value.js';

/** What filters ask of the template. */
export interface FilterContext {
  ownAttribute(value: PyValue, name: string): PyValue;
  item(value: PyValue, key: PyValue): PyValue;
  missing(name: string | null, message: string): Undefined;
  filter(name: string, value: PyValue, args: readonly PyValue[], keywords: Keywords): PyValue;
  readonly isNative: boolean;
}

/** A filter: the value before the bar, and the arguments. */
export type Filter = (context: FilterContext, value: PyValue, args: readonly PyValue[], keywords: Keywords) => PyValue;

/** A filter with named parameters; those that were not given are undefined. */
export function filter(
  name: string,
  parameters: readonly string[],
  fn: (value: PyValue, given: readonly (PyValue | undefined)[], context: FilterContext) => PyValue,
  required = 0,
): readonly [string, Filter] {
  return [
    name,
    (context, value, args, keywords) => {
      if (keywords.size === 0 && args.length >= required && args.length <= parameters.length) {
        return fn(value, args, context);
      }
      const bound = bindArguments(name, parameters, args, keywords, required);
      return fn(
        value,
        parameters.map((parameter) => bound.get(parameter)),
        context,
      );
    },
  ];
}
