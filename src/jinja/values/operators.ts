import { PyFloat } from './float.js';
import { formatPercent } from './format-percent.js';
import { integer, isFloat, isInteger, isNumeric, toNumber } from './numbers.js';
import { typeError } from './raise.js';
import { toText } from './text.js';
import { typeName } from './type-name.js';
import { HostObject, PyDict, PySet, PyTuple, type PyValue, tuple, Undefined } from './value.js';

type Numeric = number | bigint | boolean | PyFloat;

/** `a ~ b`: both as text. */
export function concatenate(...parts: PyValue[]): string {
  return parts.map(toText).join('');
}

/** `a + b`. */
export function add(left: PyValue, right: PyValue): PyValue {
  if (typeof left === 'string' && typeof right === 'string') return left + right;
  if (isNumeric(left) && isNumeric(right)) {
    return arithmetic(
      left,
      right,
      (a, b) => a + b,
      (a, b) => a + b,
    );
  }
  if (Array.isArray(left) && Array.isArray(right) && left instanceof PyTuple === right instanceof PyTuple) {
    return left instanceof PyTuple ? tuple([...left, ...right]) : [...left, ...right];
  }
  if (typeof left === 'string' && !(right instanceof HostObject) && !(right instanceof Undefined)) {
    throw typeError(`can only concatenate str (not "${typeName(right)}") to str`);
  }
  return overloaded('+', left, right);
}

/** `a - b`. */
export function subtract(left: PyValue, right: PyValue): PyValue {
  if (isNumeric(left) && isNumeric(right)) {
    return arithmetic(
      left,
      right,
      (a, b) => a - b,
      (a, b) => a - b,
    );
  }
  if (left instanceof PySet && right instanceof PySet) return new PySet([...left].filter((item) => !right.has(item)));
  return overloaded('-', left, right);
}

/** `a * b`. */
export function multiply(left: PyValue, right: PyValue): PyValue {
  if (isNumeric(left) && isNumeric(right)) {
    return arithmetic(
      left,
      right,
      (a, b) => a * b,
      (a, b) => a * b,
    );
  }
  if (isInteger(right)) {
    const repeated = repeat(left, toNumber(right));
    if (repeated !== undefined) return repeated;
  }
  if (isInteger(left)) {
    const repeated = repeat(right, toNumber(left));
    if (repeated !== undefined) return repeated;
  }
  return overloaded('*', left, right);
}

/** `a / b`: always a float. */
export function divide(left: PyValue, right: PyValue): PyValue {
  if (!isNumeric(left) || !isNumeric(right)) return overloaded('/', left, right);
  if (toNumber(right) === 0)
    throw typeError(isFloat(left) || isFloat(right) ? 'float division by zero' : 'division by zero');
  return new PyFloat(toNumber(left) / toNumber(right));
}

/** `a // b`: rounded down. */
export function floorDivide(left: PyValue, right: PyValue): PyValue {
  if (!isNumeric(left) || !isNumeric(right)) return overloaded('//', left, right);
  if (toNumber(right) === 0) {
    throw typeError(
      isFloat(left) || isFloat(right) ? 'float floor division by zero' : 'integer division or modulo by zero',
    );
  }
  return arithmetic(
    left,
    right,
    (a, b) => Math.floor(a / b),
    (a, b) => (a % b !== 0n && a < 0n !== b < 0n ? a / b - 1n : a / b),
  );
}

/** `a % b`: the remainder with the sign of b, or printf-formatting of a text. */
export function modulo(left: PyValue, right: PyValue): PyValue {
  if (typeof left === 'string') return formatPercent(left, right);
  if (!isNumeric(left) || !isNumeric(right)) return overloaded('%', left, right);
  if (toNumber(right) === 0)
    throw typeError(isFloat(left) || isFloat(right) ? 'float modulo' : 'integer modulo by zero');
  return arithmetic(
    left,
    right,
    (a, b) => a - b * Math.floor(a / b),
    (a, b) => ((a % b) + b) % b,
  );
}

/** `a ** b`. */
export function power(left: PyValue, right: PyValue): PyValue {
  if (!isNumeric(left) || !isNumeric(right)) return overloaded('**', left, right);
  if (!isFloat(left) && !isFloat(right) && toNumber(right) >= 0) {
    return integer(BigInt(left as number) ** BigInt(right as number));
  }
  return new PyFloat(toNumber(left) ** toNumber(right));
}

/** `-a`. */
export function negate(value: PyValue): PyValue {
  if (value instanceof PyFloat) return new PyFloat(-value.value);
  if (typeof value === 'bigint') return integer(-value);
  if (isNumeric(value)) return value === 0 ? 0 : -toNumber(value);
  if (value instanceof Undefined) return value.raise();
  if (value instanceof HostObject) {
    const result = value.operate?.('-', 0, true);
    if (result !== undefined) return result;
  }
  throw typeError(`bad operand type for unary -: '${typeName(value)}'`);
}

/** `+a`. */
export function positive(value: PyValue): PyValue {
  if (typeof value === 'boolean') return Number(value);
  if (isNumeric(value) || value instanceof HostObject) return value;
  if (value instanceof Undefined) return value.raise();
  throw typeError(`bad operand type for unary +: '${typeName(value)}'`);
}

/** `|`, `&` and `^` are no operators of Jinja, but methods of sets use them; this is `a | b` of dicts and sets. */
export function union(left: PyValue, right: PyValue): PyValue {
  if (left instanceof PySet && right instanceof PySet) return new PySet([...left, ...right]);
  if (left instanceof PyDict && right instanceof PyDict) return new PyDict([...left, ...right]);
  return overloaded('|', left, right);
}

function arithmetic(
  left: Numeric,
  right: Numeric,
  onNumbers: (a: number, b: number) => number,
  onIntegers: (a: bigint, b: bigint) => bigint,
): PyValue {
  if (isFloat(left) || isFloat(right)) return new PyFloat(onNumbers(toNumber(left), toNumber(right)));
  if (typeof left !== 'bigint' && typeof right !== 'bigint') {
    const result = onNumbers(toNumber(left), toNumber(right));
    if (Number.isSafeInteger(result)) return result === 0 ? 0 : result;
  }
  return integer(onIntegers(BigInt(left as number), BigInt(right as number)));
}

function repeat(value: PyValue, count: number): PyValue | undefined {
  const times = Math.max(0, count);
  if (typeof value === 'string') return value.repeat(times);
  if (!Array.isArray(value)) return undefined;
  const items = Array.from({ length: times }, () => [...value]).flat();
  return value instanceof PyTuple ? tuple(items) : items;
}

function overloaded(operator: string, left: PyValue, right: PyValue): PyValue {
  if (left instanceof Undefined) return left.raise();
  if (right instanceof Undefined) return right.raise();
  if (left instanceof HostObject) {
    const result = left.operate?.(operator, right, false);
    if (result !== undefined) return result;
  }
  if (right instanceof HostObject) {
    const result = right.operate?.(operator, left, true);
    if (result !== undefined) return result;
  }
  if (operator === '+' && Array.isArray(left)) {
    const type = typeName(left);
    throw typeError(`can only concatenate ${type} (not "${typeName(right)}") to ${type}`);
  }
  const shown = operator === '**' ? '** or pow()' : operator;
  throw typeError(`unsupported operand type(s) for ${shown}: '${typeName(left)}' and '${typeName(right)}'`);
}
