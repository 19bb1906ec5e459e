import { isNumeric } from '../values/numbers.js';
import { PyDict, PySet, PyTuple, type PyValue } from '../values/value.js';
import { dictMethods } from './dict-methods.js';
import { listMethods, tupleMethods } from './list-methods.js';
import type { Method } from './method.js';
import { numberMethods } from './number-methods.js';
import { setMethods } from './set-methods.js';
import { textMethods } from './text-methods.js';

export type { Method } from './method.js';

/** A method of one of Python's own types by its name; host objects have theirs as attributes. */
export function findMethod(value: PyValue, name: string): Method | undefined {
  return methodsOf(value)?.get(name) as Method | undefined;
}

function methodsOf(value: PyValue): ReadonlyMap<string, unknown> | undefined {
  if (typeof value === 'string') return textMethods;
  if (value instanceof PyDict) return dictMethods;
  if (value instanceof PyTuple) return tupleMethods;
  if (Array.isArray(value)) return listMethods;
  if (value instanceof PySet) return setMethods;
  return isNumeric(value) ? numberMethods : undefined;
}
