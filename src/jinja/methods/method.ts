import { bindArguments } from '../values/bind-arguments.js';
import { typeError } from '../values/raise.js';
import { isInteger, toNumber } from '../values/numbers.js';
import { typeName } from '../values/type-name.js';
import { type Keywords, type PyValue, Undefined } from '../values/value.js';

/** A method of a type, called with the value that it belongs to. */
export type Method<Self = PyValue> = (self: Self, args: readonly PyValue[], keywords: Keywords) => PyValue;

/** A method with named parameters; those that were not given are undefined. */
export function method<Self>(
  name: string,
  parameters: readonly string[],
  required: number,
  fn: (self: Self, ...values: (PyValue | undefined)[]) => PyValue,
): Method<Self> {
  return (self, args, keywords) => {
    if (keywords.size === 0 && args.length >= required && args.length <= parameters.length) return fn(self, ...args);
    const bound = bindArguments(name, parameters, args, keywords, required);
    return fn(self, ...parameters.map((parameter) => bound.get(parameter)));
  };
}

/** The argument as a text; raises JINJA.TYPE where it is none. */
export function textArgument(value: PyValue | undefined, name: string): string {
  if (typeof value === 'string') return value;
  if (value instanceof Undefined) return value.raise();
  throw typeError(`${name}() argument must be str, not ${typeName(value ?? null)}`);
}

/** The argument as an int, or what stands for a missing one; raises JINJA.TYPE for another type. */
export function integerArgument(value: PyValue | undefined, otherwise: number): number {
  if (value === undefined || value === null) return otherwise;
  if (isInteger(value)) return toNumber(value);
  if (value instanceof Undefined) return value.raise();
  throw typeError(`'${typeName(value)}' object cannot be interpreted as an integer`);
}
