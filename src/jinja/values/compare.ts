import { PyFloat } from './float.js';
import { iterate } from './iterate.js';
import { isNumeric } from './numbers.js';
import { typeError } from './raise.js';
import { typeName } from './type-name.js';
import { HostObject, PyDict, PySet, PyTuple, type PyValue, Undefined } from './value.js';

/** `a == b`: by value, deep; numbers and bools by their number, other types never equal one another. */
export function equal(left: PyValue, right: PyValue): boolean {
  if (left === right) return true;
  if (typeof left === 'string' || typeof right === 'string') {
    if (right instanceof HostObject) return right.equals?.(left) ?? false;
    return left instanceof HostObject ? (left.equals?.(right) ?? false) : false;
  }
  if (isNumeric(left) && isNumeric(right)) return looselyEqual(left, right);
  if (Array.isArray(left) && Array.isArray(right)) {
    if (left instanceof PyTuple !== right instanceof PyTuple || left.length !== right.length) return false;
    return left.every((item, index) => equal(item, right[index] ?? null));
  }
  if (left instanceof PyDict && right instanceof PyDict) {
    if (left.size !== right.size) return false;
    for (const [key, value] of left) {
      const other = right.get(key);
      if (other === undefined || !equal(value, other)) return false;
    }
    return true;
  }
  if (left instanceof PySet && right instanceof PySet) {
    return left.size === right.size && [...left].every((item) => right.has(item));
  }
  if (left instanceof Undefined) return right instanceof Undefined;
  if (left instanceof HostObject && left.equals !== undefined) return left.equals(right);
  if (right instanceof HostObject && right.equals !== undefined) return right.equals(left);
  return false;
}

/** Negative, zero or positive; raises JINJA.TYPE with this operator's name where the two have no order. */
export function order(left: PyValue, right: PyValue, operator = '<'): number {
  if (typeof left === 'string' && typeof right === 'string') return compareTexts(left, right);
  if (isNumeric(left) && isNumeric(right)) {
    const a = left instanceof PyFloat ? left.value : left;
    const b = right instanceof PyFloat ? right.value : right;
    return a < b ? -1 : a > b ? 1 : looselyEqual(left, right) ? 0 : Number.NaN;
  }
  if (Array.isArray(left) && Array.isArray(right) && left instanceof PyTuple === right instanceof PyTuple) {
    for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
      const a = left[index] ?? null;
      const b = right[index] ?? null;
      if (!equal(a, b)) return order(a, b, operator);
    }
    return left.length - right.length;
  }
  if (left instanceof Undefined) return left.raise();
  if (right instanceof Undefined) return right.raise();
  if (left instanceof HostObject) {
    const result = left.compareTo?.(right);
    if (result !== undefined) return result;
  }
  if (right instanceof HostObject) {
    const result = right.compareTo?.(left);
    if (result !== undefined) return -result;
  }
  throw typeError(`'${operator}' not supported between instances of '${typeName(left)}' and '${typeName(right)}'`);
}

/** `a < b`. */
export function less(left: PyValue, right: PyValue): boolean {
  return order(left, right, '<') < 0;
}

/** `a <= b`. */
export function lessOrEqual(left: PyValue, right: PyValue): boolean {
  if (left instanceof PySet && right instanceof PySet) return [...left].every((item) => right.has(item));
  return order(left, right, '<=') <= 0;
}

/** `a > b`. */
export function greater(left: PyValue, right: PyValue): boolean {
  return order(left, right, '>') > 0;
}

/** `a >= b`. */
export function greaterOrEqual(left: PyValue, right: PyValue): boolean {
  if (left instanceof PySet && right instanceof PySet) return lessOrEqual(right, left);
  return order(left, right, '>=') >= 0;
}

/** `value in container`. */
export function contains(container: PyValue, value: PyValue): boolean {
  if (typeof container === 'string') {
    if (typeof value === 'string') return container.includes(value);
    if (value instanceof Undefined) return value.raise();
    throw typeError(`'in <string>' requires string as left operand, not ${typeName(value)}`);
  }
  if (Array.isArray(container)) return container.some((item) => equal(item, value));
  if (container instanceof PyDict || container instanceof PySet) return container.has(value);
  if (container instanceof HostObject && container.contains !== undefined) return container.contains(value);
  if (container instanceof Undefined) return false;
  if (container instanceof HostObject && container.iterate !== undefined) {
    for (const item of iterate(container)) if (equal(item, value)) return true;
    return false;
  }
  throw typeError(`argument of type '${typeName(container)}' is not iterable`);
}

/** `a is b` of Python: the same object, or the same small value. */
export function isSame(left: PyValue, right: PyValue): boolean {
  if (left instanceof PyFloat && right instanceof PyFloat) return left.value === right.value;
  return left === right;
}

function looselyEqual(left: number | bigint | boolean | PyFloat, right: number | bigint | boolean | PyFloat): boolean {
  const a = left instanceof PyFloat ? left.value : typeof left === 'boolean' ? Number(left) : left;
  const b = right instanceof PyFloat ? right.value : typeof right === 'boolean' ? Number(right) : right;
  if (typeof a === typeof b) return a === b;
  // A bigint and a number: `==` is exact in JavaScript, and `===` never true.
  return !(a < b) && !(a > b) && !Number.isNaN(Number(a)) && !Number.isNaN(Number(b));
}

/** By code point, as Python orders texts (JavaScript's `<` goes by UTF-16 unit). */
function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    if (left.charCodeAt(index) !== right.charCodeAt(index)) {
      return (left.codePointAt(index) ?? 0) - (right.codePointAt(index) ?? 0);
    }
  }
  return left.length - right.length;
}
