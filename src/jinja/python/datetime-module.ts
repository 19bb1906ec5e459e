import { isNumeric, toNumber } from '../values/numbers.js';
import { typeError } from '../values/raise.js';
import { isTrue } from '../values/truth.js';
import { machineClock } from '../values/unrepeatable.js';
import type { PyValue } from '../values/value.js';
import { moduleFunction } from './bound-methods.js';
import { checkDate, dateOfDays } from './calendar.js';
import { dateTimeAt, momentOf, PyDate, PyDateTime, PyTime } from './date-and-time.js';
import { parseIsoDate, parseIsoDateTime, parseIsoTime } from './iso-text.js';
import { emptyMoment } from './moment.js';
import { PythonClass } from './python-class.js';
import { strptime } from './strptime.js';
import { createTimeDelta } from './time-delta.js';
import { createFixedZone, PyTimeZone, utc } from './time-zone.js';

const dateParameters = ['year', 'month', 'day'];
const timeParameters = ['hour', 'minute', 'second', 'microsecond', 'tzinfo'];

function text(value: PyValue | undefined, name: string): string {
  if (typeof value === 'string') return value;
  throw typeError(`${name}: argument must be str`);
}

function zoneOrNone(value: PyValue | undefined): PyTimeZone | null {
  return value instanceof PyTimeZone ? value : null;
}

/** Seconds since 1970 in microseconds. */
function seconds(value: PyValue | undefined): bigint {
  if (value === undefined || !isNumeric(value)) throw typeError('a timestamp must be a number');
  return BigInt(Math.round(toNumber(value) * 1e6));
}

function dateAt(utcMicroseconds: bigint): PyDate {
  const { year, month, day } = dateTimeAt(utcMicroseconds, null).moment;
  return new PyDate({ ...emptyMoment, year, month, day });
}

const fromOrdinal = (days: PyValue | undefined): PyDate => {
  const found = dateOfDays(Number(days) - 719_163);
  checkDate(found.year, found.month, found.day);
  return new PyDate({ ...emptyMoment, ...found });
};

const date = new PythonClass(
  'datetime.date',
  [
    ['today', moduleFunction('today', [], () => dateAt(machineClock()))],
    [
      'fromisoformat',
      moduleFunction('fromisoformat', ['date_string'], (value) => parseIsoDate(text(value, 'fromisoformat'))),
    ],
    ['fromtimestamp', moduleFunction('fromtimestamp', ['timestamp'], (value) => dateAt(seconds(value)))],
    ['fromordinal', moduleFunction('fromordinal', ['ordinal'], fromOrdinal)],
    ['min', new PyDate({ ...emptyMoment, year: 1 })],
    ['max', new PyDate({ ...emptyMoment, year: 9999, month: 12, day: 31 })],
  ],
  (args, keywords) => new PyDate(momentOf('date', dateParameters, 3, args, keywords)),
);

const time = new PythonClass(
  'datetime.time',
  [
    [
      'fromisoformat',
      moduleFunction('fromisoformat', ['time_string'], (value) => parseIsoTime(text(value, 'fromisoformat'))),
    ],
  ],
  (args, keywords) => new PyTime(momentOf('time', timeParameters, 0, args, keywords)),
);

const dateTime = new PythonClass(
  'datetime.datetime',
  [
    // The machine's own zone is no part of a rendered model: naive moments are UTC's.
    ['now', moduleFunction('now', ['tz?'], (zone) => dateTimeAt(machineClock(), zoneOrNone(zone)))],
    ['today', moduleFunction('today', [], () => dateTimeAt(machineClock(), null))],
    ['utcnow', moduleFunction('utcnow', [], () => dateTimeAt(machineClock(), null))],
    [
      'fromtimestamp',
      moduleFunction('fromtimestamp', ['timestamp', 'tz?'], (value, zone) =>
        dateTimeAt(seconds(value), zoneOrNone(zone)),
      ),
    ],
    [
      'utcfromtimestamp',
      moduleFunction('utcfromtimestamp', ['timestamp'], (value) => dateTimeAt(seconds(value), null)),
    ],
    [
      'fromisoformat',
      moduleFunction('fromisoformat', ['date_string'], (value) => parseIsoDateTime(text(value, 'fromisoformat'))),
    ],
    [
      'strptime',
      moduleFunction('strptime', ['date_string', 'format'], (value, format) => {
        return new PyDateTime(strptime(text(value, 'strptime'), text(format, 'strptime')));
      }),
    ],
    [
      'combine',
      moduleFunction('combine', ['date', 'time', 'tzinfo?'], (day, clock, zone) => {
        if (!(day instanceof PyDate || day instanceof PyDateTime) || !(clock instanceof PyTime)) {
          throw typeError('combine() takes a date and a time');
        }
        const { year, month, day: number } = day.moment;
        const moment = { ...clock.moment, year, month, day: number };
        return new PyDateTime(isTrue(zone ?? null) ? { ...moment, zone: zoneOrNone(zone) } : moment);
      }),
    ],
    ['min', new PyDateTime({ ...emptyMoment, year: 1 })],
    [
      'max',
      new PyDateTime({
        ...emptyMoment,
        year: 9999,
        month: 12,
        day: 31,
        hour: 23,
        minute: 59,
        second: 59,
        microsecond: 999_999,
      }),
    ],
  ],
  (args, keywords) => new PyDateTime(momentOf('datetime', [...dateParameters, ...timeParameters], 3, args, keywords)),
);

/** Python's module datetime. */
export const dateTimeModule = new PythonClass('datetime', [
  ['date', date],
  ['time', time],
  ['datetime', dateTime],
  ['timedelta', new PythonClass('datetime.timedelta', [], createTimeDelta)],
  ['timezone', new PythonClass('datetime.timezone', [['utc', utc]], createFixedZone)],
  ['tzinfo', new PythonClass('datetime.tzinfo', [])],
]);
