import { charactersOf } from '../values/iterate.js';
import { isInteger, toNumber } from '../values/numbers.js';
import { typeError } from '../values/raise.js';
import { typeName } from '../values/type-name.js';
import { HostObject, PyTuple, type PyValue, tuple, Undefined } from '../values/value.js';

/** `value[start:stop:step]` of a text, list or tuple (or a host object that iterates). */
export function slice(value: PyValue, start: PyValue, stop: PyValue, step: PyValue): PyValue {
  if (value instanceof Undefined) return value.getItem(null);
  if (typeof value === 'string') return pick(charactersOf(value), start, stop, step).join('');
  if (Array.isArray(value)) {
    const items = pick(value, start, stop, step);
    return value instanceof PyTuple ? tuple(items) : items;
  }
  if (value instanceof HostObject && value.iterate !== undefined) return pick([...value.iterate()], start, stop, step);
  throw typeError(`'${typeName(value)}' object is not subscriptable`);
}

function pick<T>(items: ArrayLike<T>, start: PyValue, stop: PyValue, step: PyValue): T[] {
  const stride = index(step) ?? 1;
  if (stride === 0) throw typeError('slice step cannot be zero');
  const { length } = items;
  const forward = stride > 0;
  const clamp = (value: number | undefined, otherwise: number): number => {
    if (value === undefined) return otherwise;
    const absolute = value < 0 ? value + length : value;
    return forward ? Math.min(Math.max(absolute, 0), length) : Math.min(Math.max(absolute, -1), length - 1);
  };
  const first = clamp(index(start), forward ? 0 : length - 1);
  const end = clamp(index(stop), forward ? length : -1);
  const picked: T[] = [];
  for (let at = first; forward ? at < end : at > end; at += stride) picked.push(items[at] as T);
  return picked;
}

function index(value: PyValue): number | undefined {
  if (value === null) return undefined;
  if (isInteger(value)) return toNumber(value);
  if (value instanceof Undefined) return value.raise();
  throw typeError('slice indices must be integers or None or have an __index__ method');
}
