import { bindArguments } from '../values/bind-arguments.js';
import { PyFloat } from '../values/float.js';
import { isInteger, toNumber } from '../values/numbers.js';
import { typeError } from '../values/raise.js';
import { typeName } from '../values/type-name.js';
import { HostObject, type Keywords, type PyValue, tuple } from '../values/value.js';
import { bindMethod, boundMethod, type BoundMethod } from './bound-methods.js';
import { checkDate, daysOf, digits, isoCalendar, weekdayOf } from './calendar.js';
import { emptyMoment, type Moment } from './moment.js';
import { addMicroseconds, localMilliseconds, offsetSeconds, strftime } from './strftime.js';
import { PyTimeDelta } from './time-delta.js';
import { offsetText, PyTimeZone, utc } from './time-zone.js';

const fields = ['year', 'month', 'day', 'hour', 'minute', 'second', 'microsecond'] as const;

/** A value with a moment: Python's date, time or datetime. */
abstract class PyMoment extends HostObject {
  constructor(readonly moment: Moment) {
    super();
  }
  /** The fields that values of this class have. */
  abstract readonly fieldNames: readonly (typeof fields)[number][];
  abstract readonly methods: ReadonlyMap<string, BoundMethod<never>>;

  getAttribute(name: string): PyValue | undefined {
    const field = this.fieldNames.find((known) => known === name);
    if (field !== undefined) return this.moment[field];
    if (name === 'tzinfo' && this.fieldNames.includes('hour')) return this.moment.zone;
    const method = this.methods.get(name);
    return method === undefined ? undefined : bindMethod(name, method as unknown as BoundMethod<PyMoment>, this);
  }
  override hashKey(): string {
    return this.toText();
  }
  override toJsonValue(): unknown {
    return this.toText();
  }
  override toRepr(): string {
    const names = this.fieldNames.filter((name, index) => index < 5 || this.moment[name] !== 0 || name === 'year');
    const zone = this.moment.zone === null ? '' : `, tzinfo=${this.moment.zone.toRepr()}`;
    return `${this.pyType}(${names.map((name) => this.moment[name]).join(', ')}${zone})`;
  }
}

function isoDate({ year, month, day }: Moment): string {
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
}

function isoTime(moment: Moment): string {
  const fraction = moment.microsecond === 0 ? '' : `.${digits(moment.microsecond, 6)}`;
  const offset = moment.zone === null ? '' : offsetText(offsetSeconds(moment), ':');
  return `${digits(moment.hour, 2)}:${digits(moment.minute, 2)}:${digits(moment.second, 2)}${fraction}${offset}`;
}

function replaced(moment: Moment, names: readonly string[], values: readonly (PyValue | undefined)[]): Moment {
  const changes: Record<string, unknown> = {};
  names.forEach((name, index) => {
    const value = values[index];
    if (value === undefined) return;
    if (name === 'tzinfo') changes['zone'] = value instanceof PyTimeZone ? value : null;
    else changes[name] = fieldValue(value);
  });
  return checked({ ...moment, ...changes });
}

function fieldValue(value: PyValue): number {
  if (isInteger(value)) return toNumber(value);
  throw typeError(`'${typeName(value)}' object cannot be interpreted as an integer`);
}

function checked(moment: Moment): Moment {
  checkDate(moment.year, moment.month, moment.day);
  if (moment.hour < 0 || moment.hour > 23) throw typeError('hour must be in 0..23');
  if (moment.minute < 0 || moment.minute > 59) throw typeError('minute must be in 0..59');
  if (moment.second < 0 || moment.second > 59) throw typeError('second must be in 0..59');
  return moment;
}

/** A moment out of a constructor's arguments. */
export function momentOf(
  name: string,
  parameters: readonly string[],
  required: number,
  args: readonly PyValue[],
  keywords: Keywords,
): Moment {
  const bound = bindArguments(name, [...parameters, 'fold'], args, keywords, required);
  return replaced(
    emptyMoment,
    parameters,
    parameters.map((parameter) => bound.get(parameter)),
  );
}

function strftimeMethod(): BoundMethod<PyMoment> {
  return boundMethod(['format'], (self, format) => {
    if (typeof format === 'string') return strftime(self.moment, format);
    throw typeError(`strftime() argument 1 must be str, not ${typeName(format ?? null)}`);
  });
}

const dateMethods: readonly (readonly [string, BoundMethod<PyMoment>])[] = [
  ['strftime', strftimeMethod()],
  ['weekday', boundMethod([], (self) => weekdayOf(dayNumber(self)))],
  ['isoweekday', boundMethod([], (self) => weekdayOf(dayNumber(self)) + 1)],
  ['isocalendar', boundMethod([], (self) => tuple(isoCalendar(dayNumber(self))))],
  ['toordinal', boundMethod([], (self) => dayNumber(self) + 719_163)],
];

function dayNumber({ moment }: PyMoment): number {
  return daysOf(moment.year, moment.month, moment.day);
}

/** Python's date. */
export class PyDate extends PyMoment {
  override readonly fieldNames = fields.slice(0, 3);
  static readonly #methods = new Map<string, BoundMethod<never>>([
    ...dateMethods,
    ['isoformat', boundMethod([], (self: PyDate) => isoDate(self.moment))],
    [
      'replace',
      boundMethod(['year?', 'month?', 'day?'], (self: PyDate, ...values) => {
        return new PyDate(replaced(self.moment, fields.slice(0, 3), values));
      }),
    ],
  ]);
  override get methods(): ReadonlyMap<string, BoundMethod<never>> {
    return PyDate.#methods;
  }
  override get pyType(): string {
    return 'datetime.date';
  }
  override equals(other: PyValue): boolean {
    return other instanceof PyDate && dayNumber(other) === dayNumber(this);
  }
  override compareTo(other: PyValue): number | undefined {
    return other instanceof PyDate ? dayNumber(this) - dayNumber(other) : undefined;
  }
  override operate(operator: string, other: PyValue, reflected: boolean): PyValue | undefined {
    if (other instanceof PyTimeDelta && (operator === '+' || (operator === '-' && !reflected))) {
      const days = BigInt(other.days) * 86_400_000_000n;
      return new PyDate(addMicroseconds(this.moment, operator === '+' ? days : -days));
    }
    if (other instanceof PyDate && operator === '-') {
      const days = reflected ? dayNumber(other) - dayNumber(this) : dayNumber(this) - dayNumber(other);
      return new PyTimeDelta(BigInt(days) * 86_400_000_000n);
    }
    return undefined;
  }
  toText(): string {
    return isoDate(this.moment);
  }
}

/** Python's time. */
export class PyTime extends PyMoment {
  override readonly fieldNames = fields.slice(3);
  static readonly #methods = new Map<string, BoundMethod<never>>([
    ['strftime', strftimeMethod()],
    ['isoformat', boundMethod(['timespec?'], (self: PyTime) => isoTime(self.moment))],
    [
      'replace',
      boundMethod(['hour?', 'minute?', 'second?', 'microsecond?', 'tzinfo?'], (self: PyTime, ...values) => {
        return new PyTime(replaced(self.moment, [...fields.slice(3), 'tzinfo'], values));
      }),
    ],
  ]);
  override get methods(): ReadonlyMap<string, BoundMethod<never>> {
    return PyTime.#methods;
  }
  override get pyType(): string {
    return 'datetime.time';
  }
  override equals(other: PyValue): boolean {
    return other instanceof PyTime && other.toText() === this.toText();
  }
  override compareTo(other: PyValue): number | undefined {
    if (!(other instanceof PyTime)) return undefined;
    const difference = localMilliseconds(this.moment) - localMilliseconds(other.moment);
    return difference === 0 ? this.moment.microsecond - other.moment.microsecond : difference;
  }
  toText(): string {
    return isoTime(this.moment);
  }
}

/** Python's datetime; one with a zone is aware, and never compared with one without. */
export class PyDateTime extends PyMoment {
  override readonly fieldNames = [...fields];
  static readonly #methods = new Map<string, BoundMethod<never>>([
    ...dateMethods,
    [
      'isoformat',
      boundMethod(['sep?', 'timespec?'], (self: PyDateTime, separator, precision) =>
        self.isoFormat(separator, precision),
      ),
    ],
    ['date', boundMethod([], (self: PyDateTime) => new PyDate({ ...emptyMoment, ...datePart(self.moment) }))],
    [
      'time',
      boundMethod([], (self: PyDateTime) => new PyTime({ ...self.moment, ...datePart(emptyMoment), zone: null })),
    ],
    ['timetz', boundMethod([], (self: PyDateTime) => new PyTime({ ...self.moment, ...datePart(emptyMoment) }))],
    ['timestamp', boundMethod([], (self: PyDateTime) => new PyFloat(Number(self.utcMicroseconds()) / 1e6))],
    [
      'astimezone',
      boundMethod(['tz?'], (self: PyDateTime, zone) => self.inZone(zone instanceof PyTimeZone ? zone : utc)),
    ],
    ['tzname', boundMethod([], (self: PyDateTime) => (self.moment.zone === null ? null : strftime(self.moment, '%Z')))],
    [
      'utcoffset',
      boundMethod([], (self: PyDateTime) =>
        self.moment.zone === null ? null : new PyTimeDelta(BigInt(offsetSeconds(self.moment)) * 1_000_000n),
      ),
    ],
    [
      'replace',
      boundMethod([...fields.map((name) => `${name}?`), 'tzinfo?'], (self: PyDateTime, ...values) => {
        return new PyDateTime(replaced(self.moment, [...fields, 'tzinfo'], values));
      }),
    ],
  ]);
  override get methods(): ReadonlyMap<string, BoundMethod<never>> {
    return PyDateTime.#methods;
  }
  override get pyType(): string {
    return 'datetime.datetime';
  }
  /** Microseconds since 1970 in UTC; a moment without zone counts as UTC. */
  utcMicroseconds(): bigint {
    const seconds = Math.floor(localMilliseconds(this.moment) / 1000) - offsetSeconds(this.moment);
    return BigInt(seconds) * 1_000_000n + BigInt(this.moment.microsecond);
  }
  /** The same moment by the clocks of another zone. */
  inZone(zone: PyTimeZone): PyDateTime {
    return dateTimeAt(this.utcMicroseconds(), zone);
  }
  isoFormat(separator: PyValue | undefined, precision: PyValue | undefined): string {
    const time = isoTime(precision === 'seconds' ? { ...this.moment, microsecond: 0 } : this.moment);
    return `${isoDate(this.moment)}${typeof separator === 'string' ? separator : 'T'}${time}`;
  }
  override equals(other: PyValue): boolean {
    return (
      other instanceof PyDateTime &&
      this.#isAware === other.#isAware &&
      other.utcMicroseconds() === this.utcMicroseconds()
    );
  }
  override compareTo(other: PyValue): number | undefined {
    if (!(other instanceof PyDateTime)) return undefined;
    this.#checkAwareness(other, 'compare');
    return Number(this.utcMicroseconds() - other.utcMicroseconds());
  }
  override operate(operator: string, other: PyValue, reflected: boolean): PyValue | undefined {
    if (other instanceof PyTimeDelta && (operator === '+' || (operator === '-' && !reflected))) {
      return new PyDateTime(addMicroseconds(this.moment, operator === '+' ? other.microseconds : -other.microseconds));
    }
    if (other instanceof PyDateTime && operator === '-' && !reflected) {
      this.#checkAwareness(other, 'subtract');
      return new PyTimeDelta(this.utcMicroseconds() - other.utcMicroseconds());
    }
    return undefined;
  }
  override hashKey(): string {
    return `${this.utcMicroseconds()}${this.#isAware ? 'z' : ''}`;
  }
  toText(): string {
    return this.isoFormat(' ', undefined);
  }
  get #isAware(): boolean {
    return this.moment.zone !== null;
  }
  #checkAwareness(other: PyDateTime, what: string): void {
    if (this.#isAware !== other.#isAware) throw typeError(`can't ${what} offset-naive and offset-aware datetimes`);
  }
}

function datePart({ year, month, day }: Moment): Pick<Moment, 'year' | 'month' | 'day'> {
  return { year, month, day };
}

/** The datetime of microseconds since 1970 in UTC, by the clocks of a zone (without one: UTC, and naive). */
export function dateTimeAt(utcMicroseconds: bigint, zone: PyTimeZone | null): PyDateTime {
  const offset = zone?.offsetAt(Number(utcMicroseconds / 1000n)) ?? 0;
  const epoch: Moment = { ...emptyMoment, year: 1970, zone };
  return new PyDateTime(addMicroseconds(epoch, utcMicroseconds + BigInt(offset) * 1_000_000n));
}

/** The datetime of a JavaScript Date, aware, in UTC. */
export function dateTimeOf(date: Date): PyDateTime {
  return dateTimeAt(BigInt(date.getTime()) * 1000n, utc);
}
