import { isFloat, isInteger, isNumeric, roundHalfEven, toNumber } from '../values/numbers.js';
import { typeError } from '../values/raise.js';
import { PyFloat } from '../values/float.js';
import { HostObject, type Keywords, type PyValue } from '../values/value.js';
import { bindArguments } from '../values/bind-arguments.js';
import { bindMethod, boundMethod } from './bound-methods.js';
import { dayLength, digits } from './calendar.js';

/** Python's timedelta, as a number of microseconds. */
export class PyTimeDelta extends HostObject {
  constructor(readonly microseconds: bigint) {
    super();
  }
  override get pyType(): string {
    return 'datetime.timedelta';
  }
  get days(): number {
    return Number(floorDivide(this.microseconds, dayLength));
  }
  /** What is left of the last day, in microseconds. */
  get #rest(): number {
    return Number(this.microseconds - BigInt(this.days) * dayLength);
  }
  getAttribute(name: string): PyValue | undefined {
    switch (name) {
      case 'days':
        return this.days;
      case 'seconds':
        return Math.floor(this.#rest / 1e6);
      case 'microseconds':
        return this.#rest % 1e6;
      case 'total_seconds':
        return bindMethod(
          name,
          boundMethod([], (self: PyTimeDelta) => new PyFloat(Number(self.microseconds) / 1e6)),
          this,
        );
      default:
        return undefined;
    }
  }
  override isTruthy(): boolean {
    return this.microseconds !== 0n;
  }
  override equals(other: PyValue): boolean {
    return other instanceof PyTimeDelta && other.microseconds === this.microseconds;
  }
  override compareTo(other: PyValue): number | undefined {
    if (!(other instanceof PyTimeDelta)) return undefined;
    return this.microseconds < other.microseconds ? -1 : this.microseconds > other.microseconds ? 1 : 0;
  }
  override hashKey(): string {
    return String(this.microseconds);
  }
  override operate(operator: string, other: PyValue, reflected: boolean): PyValue | undefined {
    if (operator === '-' && reflected && other === 0) return new PyTimeDelta(-this.microseconds);
    if (other instanceof PyTimeDelta) {
      if (operator === '+') return new PyTimeDelta(this.microseconds + other.microseconds);
      if (operator === '-') return new PyTimeDelta(this.microseconds - other.microseconds);
      if (operator === '/') return new PyFloat(Number(this.microseconds) / Number(other.microseconds));
      if (operator === '//') return Number(floorDivide(this.microseconds, other.microseconds));
      return undefined;
    }
    if (!isNumeric(other)) return undefined;
    if (operator === '*') {
      if (isInteger(other)) return new PyTimeDelta(this.microseconds * BigInt(other));
      return new PyTimeDelta(BigInt(roundHalfEven(Number(this.microseconds) * toNumber(other), 0)));
    }
    if (operator === '/' && !reflected) {
      return new PyTimeDelta(BigInt(roundHalfEven(Number(this.microseconds) / toNumber(other), 0)));
    }
    if (operator === '//' && !reflected && !isFloat(other)) {
      return new PyTimeDelta(floorDivide(this.microseconds, BigInt(toNumber(other))));
    }
    return undefined;
  }
  toText(): string {
    const rest = this.#rest;
    const seconds = Math.floor(rest / 1e6);
    const fraction = rest % 1e6;
    const clock = `${Math.floor(seconds / 3600)}:${digits(Math.floor(seconds / 60) % 60, 2)}:${digits(seconds % 60, 2)}`;
    const days = this.days === 0 ? '' : `${this.days} day${Math.abs(this.days) === 1 ? '' : 's'}, `;
    return days + clock + (fraction === 0 ? '' : `.${digits(fraction, 6)}`);
  }
  override toRepr(): string {
    const rest = this.#rest;
    const parts = [
      ['days', this.days],
      ['seconds', Math.floor(rest / 1e6)],
      ['microseconds', rest % 1e6],
    ] as const;
    const shown = parts.filter(([, value]) => value !== 0).map(([name, value]) => `${name}=${value}`);
    return `datetime.timedelta(${shown.length === 0 ? '0' : shown.join(', ')})`;
  }
  override toJsonValue(): unknown {
    return this.toText();
  }
}

function floorDivide(left: bigint, right: bigint): bigint {
  if (right === 0n) throw typeError('integer division or modulo by zero');
  const quotient = left / right;
  return left % right !== 0n && left < 0n !== right < 0n ? quotient - 1n : quotient;
}

const units: Readonly<Record<string, number>> = {
  days: 86_400e6,
  seconds: 1e6,
  microseconds: 1,
  milliseconds: 1e3,
  minutes: 60e6,
  hours: 3_600e6,
  weeks: 604_800e6,
};

/** `timedelta(days=1, hours=2)`. */
export function createTimeDelta(args: readonly PyValue[], keywords: Keywords): PyTimeDelta {
  let total = 0n;
  for (const [name, value] of bindArguments('timedelta', Object.keys(units), args, keywords)) {
    if (!isNumeric(value)) throw typeError(`unsupported type for timedelta ${name} component`);
    const unit = units[name] ?? 1;
    total += isFloat(value) ? BigInt(roundHalfEven(toNumber(value) * unit, 0)) : BigInt(toNumber(value)) * BigInt(unit);
  }
  return new PyTimeDelta(total);
}
