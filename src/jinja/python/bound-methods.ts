import { bindArguments } from '../values/bind-arguments.js';
import { hostFunction, type PyCallable, type PyValue } from '../values/value.js';

/** A method of a host object: named parameters, of which the first `required` must be given. */
export interface BoundMethod<Self> {
  readonly parameters: readonly string[];
  readonly required: number;
  readonly run: (self: Self, ...values: (PyValue | undefined)[]) => PyValue;
}

/** Describes a method. A parameter whose name ends in `?` may be left out. */
export function boundMethod<Self>(
  parameters: readonly string[],
  run: (self: Self, ...values: (PyValue | undefined)[]) => PyValue,
): BoundMethod<Self> {
  const required = parameters.findIndex((parameter) => parameter.endsWith('?'));
  return {
    parameters: parameters.map((parameter) => parameter.replace('?', '')),
    required: required === -1 ? parameters.length : required,
    run,
  };
}

/** The method as a callable of this object. */
export function bindMethod<Self>(name: string, method: BoundMethod<Self>, self: Self): PyCallable {
  return hostFunction(name, (args, keywords) => {
    const bound = bindArguments(name, method.parameters, args, keywords, method.required);
    return method.run(self, ...method.parameters.map((parameter) => bound.get(parameter)));
  });
}

/** A function of a module. */
export function moduleFunction(
  name: string,
  parameters: readonly string[],
  run: (...values: (PyValue | undefined)[]) => PyValue,
): PyCallable {
  return bindMethod<null>(
    name,
    boundMethod(parameters, (_self: null, ...values) => run(...values)),
    null,
  );
}
