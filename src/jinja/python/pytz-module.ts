import { typeError } from '../values/raise.js';
import { toText } from '../values/text.js';
import type { PyValue } from '../values/value.js';
import { bindMethod, boundMethod, moduleFunction } from './bound-methods.js';
import { PyDateTime } from './date-and-time.js';
import { PythonClass } from './python-class.js';
import { FixedZone, PyTimeZone, utc, zoneOf } from './time-zone.js';

function dateTime(value: PyValue | undefined, name: string): PyDateTime {
  if (value instanceof PyDateTime) return value;
  throw typeError(`${name}() takes a datetime`);
}

const methods = new Map([
  [
    'localize',
    boundMethod(['dt', 'is_dst?'], (zone: PyTimeZone, value) => {
      const { moment } = dateTime(value, 'localize');
      if (moment.zone !== null) throw typeError('Not naive datetime (tzinfo is already set)');
      return new PyDateTime({ ...moment, zone });
    }),
  ],
  ['normalize', boundMethod(['dt', 'is_dst?'], (zone: PyTimeZone, value) => dateTime(value, 'normalize').inZone(zone))],
]);

/** A zone of pytz: one of ours with `localize` and `normalize`. */
class PytzZone extends PyTimeZone {
  constructor(readonly inner: PyTimeZone) {
    super();
  }
  offsetAt(utcMilliseconds: number): number {
    return this.inner.offsetAt(utcMilliseconds);
  }
  nameAt(utcMilliseconds: number): string {
    return this.inner.nameAt(utcMilliseconds);
  }
  override offsetOfLocal(localMilliseconds: number): number {
    return this.inner.offsetOfLocal(localMilliseconds);
  }
  override equals(other: PyValue): boolean {
    return other instanceof PytzZone && this.inner.equals?.(other.inner) === true;
  }
  override getAttribute(name: string): PyValue | undefined {
    const method = methods.get(name);
    return method === undefined ? this.inner.getAttribute(name) : bindMethod(name, method, this);
  }
  toText(): string {
    return this.inner.toText();
  }
  override toRepr(): string {
    return this.inner === utc ? '<UTC>' : `<DstTzInfo '${this.toText()}'>`;
  }
}

const pytzUtc = new PytzZone(utc);

function timezone(name: PyValue | undefined): PyTimeZone {
  const wanted = toText(name ?? null);
  if (wanted.toUpperCase() === 'UTC') return pytzUtc;
  const zone = zoneOf(wanted);
  if (zone === undefined) throw typeError(`UnknownTimeZoneError: '${wanted}'`);
  return new PytzZone(zone);
}

/** The module: its lists of names are asked of Intl when they are read, which takes a while. */
class PytzModule extends PythonClass {
  override getAttribute(name: string): PyValue | undefined {
    if (name !== 'all_timezones' && name !== 'common_timezones') return super.getAttribute(name);
    return [...Intl.supportedValuesOf('timeZone'), 'UTC'];
  }
}

/** Python's module pytz, through Intl. */
export const pytzModule = new PytzModule('pytz', [
  ['timezone', moduleFunction('timezone', ['zone'], timezone)],
  ['utc', pytzUtc],
  ['UTC', pytzUtc],
  [
    'FixedOffset',
    moduleFunction('FixedOffset', ['offset'], (minutes) => new PytzZone(new FixedZone(Number(minutes) * 60))),
  ],
]);
