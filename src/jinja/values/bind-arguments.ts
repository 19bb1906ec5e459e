import { typeError } from './raise.js';
import type { Keywords, PyValue } from './value.js';

/**
 * Positional and keyword arguments by parameter name, by Python's rules; parameters that were not given are absent.
 * Raises JINJA.TYPE in Python's words for surplus, repeated and unknown arguments, and for those of the first `required` that are missing.
 */
export function bindArguments(
  name: string,
  parameterNames: readonly string[],
  args: readonly PyValue[],
  keywords: Keywords,
  required = 0,
): Map<string, PyValue> {
  if (args.length > parameterNames.length) {
    const count = parameterNames.length;
    throw typeError(
      `${name}() takes ${count} positional argument${count === 1 ? '' : 's'} but ${args.length} were given`,
    );
  }
  const bound = new Map<string, PyValue>();
  args.forEach((value, index) => bound.set(parameterNames[index] ?? '', value));
  for (const [key, value] of keywords) {
    if (!parameterNames.includes(key)) throw typeError(`${name}() got an unexpected keyword argument '${key}'`);
    if (bound.has(key)) throw typeError(`${name}() got multiple values for argument '${key}'`);
    bound.set(key, value);
  }
  const missing = parameterNames.slice(0, required).filter((parameter) => !bound.has(parameter));
  if (missing.length > 0) {
    const list = missing.map((parameter) => `'${parameter}'`).join(', ');
    throw typeError(
      `${name}() missing ${missing.length} required positional argument${missing.length === 1 ? '' : 's'}: ${list}`,
    );
  }
  return bound;
}
