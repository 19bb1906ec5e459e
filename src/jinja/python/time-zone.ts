import { typeError } from '../values/raise.js';
import { HostObject, type PyValue } from '../values/value.js';
import { daysOf, digits } from './calendar.js';
import { PyTimeDelta } from './time-delta.js';

/** A time zone of datetimes; offsets are in seconds east of Greenwich. */
export abstract class PyTimeZone extends HostObject {
  override get pyType(): string {
    return 'tzinfo';
  }
  /** The offset of a moment, in milliseconds since 1970 UTC. */
  abstract offsetAt(utcMilliseconds: number): number;
  /** The zone's name at a moment (`CET`, `UTC`). */
  abstract nameAt(utcMilliseconds: number): string;
  /** The offset of a wall clock's time, given as if it were UTC; of two that it could mean, the standard time's. */
  offsetOfLocal(localMilliseconds: number): number {
    const before = this.offsetAt(localMilliseconds - 86_400_000);
    const after = this.offsetAt(localMilliseconds + 86_400_000);
    const valid = [before, after].filter((offset) => this.offsetAt(localMilliseconds - offset * 1000) === offset);
    return valid.length === 0 ? before : Math.min(...valid);
  }
  getAttribute(_name: string): PyValue | undefined {
    return undefined;
  }
}

/** `+05:30` of an offset in seconds. */
export function offsetText(seconds: number, separator: string): string {
  const sign = seconds < 0 ? '-' : '+';
  const absolute = Math.abs(seconds);
  const rest = absolute % 60 === 0 ? '' : `${separator}${digits(absolute % 60, 2)}`;
  return `${sign}${digits(Math.floor(absolute / 3600), 2)}${separator}${digits(Math.floor(absolute / 60) % 60, 2)}${rest}`;
}

/** A zone with one offset. */
export class FixedZone extends PyTimeZone {
  constructor(
    readonly seconds: number,
    readonly name: string | null = null,
  ) {
    super();
  }
  offsetAt(): number {
    return this.seconds;
  }
  nameAt(): string {
    return this.name ?? (this.seconds === 0 ? 'UTC' : `UTC${offsetText(this.seconds, ':')}`);
  }
  override offsetOfLocal(): number {
    return this.seconds;
  }
  override equals(other: PyValue): boolean {
    return other instanceof FixedZone && other.seconds === this.seconds;
  }
  override getAttribute(name: string): PyValue | undefined {
    return name === 'zone' ? this.name : undefined;
  }
  toText(): string {
    return this.nameAt();
  }
}

/** UTC. */
export const utc = new FixedZone(0, 'UTC');

/** A zone of the IANA database, through Intl. */
export class NamedZone extends PyTimeZone {
  readonly #parts: Intl.DateTimeFormat;
  readonly #short: Intl.DateTimeFormat;

  constructor(readonly zone: string) {
    super();
    const clock = {
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    } as const;
    this.#parts = new Intl.DateTimeFormat('en-US', { ...clock, timeZone: zone, hourCycle: 'h23', era: 'short' });
    this.#short = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'short' });
  }
  offsetAt(utcMilliseconds: number): number {
    const whole = Math.floor(utcMilliseconds / 1000) * 1000;
    const part = new Map(this.#parts.formatToParts(whole).map(({ type, value }) => [type, value]));
    const number = (name: Intl.DateTimeFormatPartTypes): number => Number(part.get(name));
    const days = daysOf(number('year'), number('month'), number('day'));
    return days * 86_400 + number('hour') * 3600 + number('minute') * 60 + number('second') - whole / 1000;
  }
  nameAt(utcMilliseconds: number): string {
    const short =
      this.#short.formatToParts(utcMilliseconds).find(({ type }) => type === 'timeZoneName')?.value ?? this.zone;
    // Intl knows few abbreviations outside of America; the offset stands for the others, as in pytz (`+0530`).
    return /^GMT./.test(short) ? offsetText(this.offsetAt(utcMilliseconds), '').replace(/00$/, '') : short;
  }
  override equals(other: PyValue): boolean {
    return other instanceof NamedZone && other.zone === this.zone;
  }
  override getAttribute(name: string): PyValue | undefined {
    return name === 'zone' ? this.zone : undefined;
  }
  toText(): string {
    return this.zone;
  }
}

const zones = new Map<string, PyTimeZone>([
  ['utc', utc],
  ['gmt', new FixedZone(0, 'GMT')],
]);

/** The zone of a name, whatever its case; undefined where there is none. */
export function zoneOf(name: string): PyTimeZone | undefined {
  const known = zones.get(name.toLowerCase());
  if (known !== undefined) return known;
  try {
    const zone = new NamedZone(name);
    zones.set(name.toLowerCase(), zone);
    return zone;
  } catch {
    return undefined;
  }
}

/** `datetime.timezone(timedelta(hours=1), 'name')`. */
export function createFixedZone(args: readonly PyValue[]): FixedZone {
  const [offset, name] = args;
  if (!(offset instanceof PyTimeDelta)) throw typeError('timezone() argument 1 must be datetime.timedelta');
  return new FixedZone(Number(offset.microseconds / 1_000_000n), typeof name === 'string' ? name : null);
}
