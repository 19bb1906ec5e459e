import { dateOfDays, daysOf, digits, isoCalendar, weekdayOf } from './calendar.js';
import { offsetText } from './time-zone.js';
import type { Moment } from './moment.js';

/** English names, as in Python's C locale. */
export const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
export const dayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** Milliseconds since 1970 of the wall clock, as if it were UTC. */
export function localMilliseconds(moment: Moment): number {
  const seconds =
    daysOf(moment.year, moment.month, moment.day) * 86_400 + moment.hour * 3600 + moment.minute * 60 + moment.second;
  return seconds * 1000 + Math.floor(moment.microsecond / 1000);
}

/** Python's strftime. */
export function strftime(moment: Moment, format: string): string {
  return format.replace(/%([-#]?)([a-zA-Z%])/g, (whole, flag: string, directive: string) => {
    const text = expand(moment, directive);
    if (text === undefined) return whole;
    return flag === '' ? text : text.replace(/^0+(?=\d)/, '');
  });
}

function expand(moment: Moment, directive: string): string | undefined {
  const days = daysOf(moment.year, moment.month, moment.day);
  const yearDay = days - daysOf(moment.year, 1, 1);
  switch (directive) {
    case 'Y':
      return String(moment.year);
    case 'y':
      return digits(moment.year % 100, 2);
    case 'C':
      return digits(Math.floor(moment.year / 100), 2);
    case 'm':
      return digits(moment.month, 2);
    case 'd':
      return digits(moment.day, 2);
    case 'e':
      return String(moment.day).padStart(2);
    case 'H':
      return digits(moment.hour, 2);
    case 'I':
      return digits(moment.hour % 12 === 0 ? 12 : moment.hour % 12, 2);
    case 'M':
      return digits(moment.minute, 2);
    case 'S':
      return digits(moment.second, 2);
    case 'f':
      return digits(moment.microsecond, 6);
    case 'p':
      return moment.hour < 12 ? 'AM' : 'PM';
    case 'A':
      return dayNames[weekdayOf(days)];
    case 'a':
      return dayNames[weekdayOf(days)]?.slice(0, 3);
    case 'B':
      return monthNames[moment.month - 1];
    case 'b':
    case 'h':
      return monthNames[moment.month - 1]?.slice(0, 3);
    case 'j':
      return digits(yearDay + 1, 3);
    case 'w':
      return String((weekdayOf(days) + 1) % 7);
    case 'u':
      return String(weekdayOf(days) + 1);
    case 'U':
      return digits(Math.floor((yearDay + 7 - ((weekdayOf(days) + 1) % 7)) / 7), 2);
    case 'W':
      return digits(Math.floor((yearDay + 7 - weekdayOf(days)) / 7), 2);
    case 'V':
      return digits(isoCalendar(days)[1], 2);
    case 'G':
      return String(isoCalendar(days)[0]);
    case 'z':
      return moment.zone === null ? '' : offsetText(moment.zone.offsetOfLocal(localMilliseconds(moment)), '');
    case 'Z':
      return zoneName(moment);
    case 's':
      return String(Math.floor((localMilliseconds(moment) - offsetSeconds(moment) * 1000) / 1000));
    case 'F':
      return strftime(moment, '%Y-%m-%d');
    case 'T':
    case 'X':
      return strftime(moment, '%H:%M:%S');
    case 'R':
      return strftime(moment, '%H:%M');
    case 'D':
    case 'x':
      return strftime(moment, '%m/%d/%y');
    case 'c':
      return strftime(moment, '%a %b %e %H:%M:%S %Y');
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case '%':
      return '%';
    default:
      return undefined;
  }
}

/** Seconds east of Greenwich; 0 without a zone. */
export function offsetSeconds(moment: Moment): number {
  return moment.zone?.offsetOfLocal(localMilliseconds(moment)) ?? 0;
}

function zoneName(moment: Moment): string {
  return moment.zone?.nameAt(localMilliseconds(moment) - offsetSeconds(moment) * 1000) ?? '';
}

/** The date of a moment that is moved by microseconds. */
export function addMicroseconds(moment: Moment, microseconds: bigint): Moment {
  const clock =
    BigInt((moment.hour * 60 + moment.minute) * 60 + moment.second) * 1_000_000n + BigInt(moment.microsecond);
  const total = BigInt(daysOf(moment.year, moment.month, moment.day)) * 86_400_000_000n + clock + microseconds;
  const days = total >= 0n ? total / 86_400_000_000n : (total - 86_399_999_999n) / 86_400_000_000n;
  const rest = Number(total - days * 86_400_000_000n);
  const seconds = Math.floor(rest / 1e6);
  return {
    ...dateOfDays(Number(days)),
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
    microsecond: rest % 1e6,
    zone: moment.zone,
  };
}
