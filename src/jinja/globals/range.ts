import { integerArgument } from '../methods/method.js';
import { equal } from '../values/compare.js';
import { isInteger, toNumber } from '../values/numbers.js';
import { typeError } from '../values/raise.js';
import { HostObject, type PyValue } from '../values/value.js';

/** Python's range object. */
export class PyRange extends HostObject {
  override readonly isSequence = true;

  constructor(
    readonly start: number,
    readonly stop: number,
    readonly step: number,
  ) {
    super();
  }
  override get pyType(): string {
    return 'range';
  }
  getAttribute(name: string): PyValue | undefined {
    return name === 'start' ? this.start : name === 'stop' ? this.stop : name === 'step' ? this.step : undefined;
  }
  override length(): number {
    return Math.max(0, Math.ceil((this.stop - this.start) / this.step));
  }
  override *iterate(): IterableIterator<PyValue> {
    const { length } = { length: this.length() };
    for (let index = 0; index < length; index += 1) yield this.start + index * this.step;
  }
  override getItem(key: PyValue): PyValue | undefined {
    if (!isInteger(key)) return undefined;
    const index = toNumber(key) < 0 ? toNumber(key) + this.length() : toNumber(key);
    return index >= 0 && index < this.length() ? this.start + index * this.step : undefined;
  }
  override contains(value: PyValue): boolean {
    if (!isInteger(value)) return false;
    const offset = (toNumber(value) - this.start) / this.step;
    return Number.isInteger(offset) && offset >= 0 && offset < this.length();
  }
  override equals(other: PyValue): boolean {
    return other instanceof PyRange && equal([...this.iterate()], [...other.iterate()]);
  }
  toText(): string {
    return `range(${this.start}, ${this.stop}${this.step === 1 ? '' : `, ${this.step}`})`;
  }
}

/** `range(stop)`, `range(start, stop, step)`. */
export function range(args: readonly PyValue[]): PyRange {
  if (args.length === 0) throw typeError('range expected at least 1 argument, got 0');
  const numbers = args.map((argument) => integerArgument(argument ?? 'missing', 0));
  const [first = 0, second, step = 1] = numbers;
  if (step === 0) throw typeError('range() arg 3 must not be zero');
  return second === undefined ? new PyRange(0, first, 1) : new PyRange(first, second, step);
}
