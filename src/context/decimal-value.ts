import { HostObject, PyFloat, type PyValue } from '../jinja/index.js';

/** Digits that a division keeps, as Python's default context does. */
const divisionDigits = 28;

/** Python's Decimal: a numeric of PostgreSQL with every digit, so that `1.50` is printed as `1.50`. */
export class DecimalObject extends HostObject {
  constructor(
    /** The number times 10 to the power of `scale`. */
    readonly unscaled: bigint,
    readonly scale: number,
  ) {
    super();
  }
  override get pyType(): string {
    return 'Decimal';
  }
  override toText(): string {
    const digits = (this.unscaled < 0n ? -this.unscaled : this.unscaled).toString().padStart(this.scale + 1, '0');
    const sign = this.unscaled < 0n ? '-' : '';
    if (this.scale === 0) return sign + digits;
    return `${sign}${digits.slice(0, -this.scale)}.${digits.slice(-this.scale)}`;
  }
  override toRepr(): string {
    return `Decimal('${this.toText()}')`;
  }
  override isTruthy(): boolean {
    return this.unscaled !== 0n;
  }
  override toJsonValue(): unknown {
    return Number(this.toText());
  }
  override hashKey(): string {
    const { unscaled, scale } = reduced(this);
    return `${unscaled}e-${scale}`;
  }
  override equals(other: PyValue): boolean {
    return this.compareTo(other) === 0;
  }
  override compareTo(other: PyValue): number | undefined {
    if (other instanceof PyFloat) return Math.sign(Number(this.toText()) - other.value);
    const right = decimalOf(other);
    if (right === undefined) return undefined;
    const [one, two] = aligned(this, right);
    return one < two ? -1 : one > two ? 1 : 0;
  }
  override operate(operator: string, other: PyValue, reflected: boolean): PyValue | undefined {
    const operand = decimalOf(other);
    if (operand === undefined) return undefined;
    return reflected ? calculate(operator, operand, this) : calculate(operator, this, operand);
  }
  override getAttribute(): PyValue | undefined {
    return undefined;
  }
}

function decimalOf(value: PyValue): DecimalObject | undefined {
  if (value instanceof DecimalObject) return value;
  if (typeof value === 'bigint') return new DecimalObject(value, 0);
  if (typeof value === 'number' && Number.isInteger(value)) return new DecimalObject(BigInt(value), 0);
  return undefined;
}

/** Both numbers with one scale. */
function aligned(left: DecimalObject, right: DecimalObject): readonly [bigint, bigint, number] {
  const scale = Math.max(left.scale, right.scale);
  return [left.unscaled * tenTo(scale - left.scale), right.unscaled * tenTo(scale - right.scale), scale];
}

function tenTo(power: number): bigint {
  return 10n ** BigInt(power);
}

/** The same number without zeros at its end. */
function reduced(value: DecimalObject): DecimalObject {
  let { unscaled, scale } = value;
  while (scale > 0 && unscaled % 10n === 0n) {
    unscaled /= 10n;
    scale -= 1;
  }
  return new DecimalObject(unscaled, scale);
}

function divide(left: DecimalObject, right: DecimalObject): DecimalObject {
  const [one, two] = aligned(left, right);
  const exact = (one * tenTo(divisionDigits + 1)) / two;
  const rounded = (exact + (exact < 0n ? -5n : 5n)) / 10n;
  return reduced(new DecimalObject(rounded, divisionDigits));
}

function calculate(operator: string, left: DecimalObject, right: DecimalObject): PyValue | undefined {
  const [one, two, scale] = aligned(left, right);
  if (['/', '//', '%'].includes(operator) && two === 0n) return undefined;
  switch (operator) {
    case '+':
      return new DecimalObject(one + two, scale);
    case '-':
      return new DecimalObject(one - two, scale);
    case '*':
      return new DecimalObject(left.unscaled * right.unscaled, left.scale + right.scale);
    case '/':
      return divide(left, right);
    case '//':
      return new DecimalObject(one / two, 0);
    case '%':
      return new DecimalObject(one % two, scale);
    case '**':
      return right.scale === 0 && right.unscaled >= 0n
        ? new DecimalObject(left.unscaled ** right.unscaled, left.scale * Number(right.unscaled))
        : undefined;
    default:
      return undefined;
  }
}

/** A numeric of PostgreSQL; `NaN` and the infinities are floats. */
export function decimalValue(text: string): PyValue {
  const parts = /^(-?\d+)(?:\.(\d+))?$/.exec(text);
  if (parts === null) return new PyFloat(Number(text));
  const [, whole = '0', fraction = ''] = parts;
  return new DecimalObject(BigInt(whole + fraction), fraction.length);
}
