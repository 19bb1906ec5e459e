import { typeError } from '../values/raise.js';
import { checkDate, dateOfDays, daysOf } from './calendar.js';
import { emptyMoment, type Moment } from './moment.js';
import { dayNames, monthNames } from './strftime.js';
import { FixedZone, utc, type PyTimeZone } from './time-zone.js';

const oneOf = (names: readonly string[]): string => names.join('|');
const short = (names: readonly string[]): string[] => names.map((name) => name.slice(0, 3));

const patterns: Readonly<Record<string, string>> = {
  Y: '\\d{4}',
  y: '\\d{2}',
  m: '1[0-2]|0?[1-9]',
  d: '3[01]|[12]\\d|0?[1-9]| [1-9]',
  H: '2[0-3]|[01]?\\d',
  I: '1[0-2]|0?[1-9]',
  M: '[0-5]?\\d',
  S: '6[01]|[0-5]?\\d',
  f: '\\d{1,6}',
  j: '\\d{1,3}',
  p: 'AM|PM',
  B: oneOf(monthNames),
  b: oneOf(short(monthNames)),
  A: oneOf(dayNames),
  a: oneOf(short(dayNames)),
  z: '[-+]\\d{2}:?\\d{2}(?::?\\d{2})?|Z',
  Z: 'UTC|GMT|[A-Z]{3,4}',
  w: '[0-6]',
};
const composed: Readonly<Record<string, string>> = { F: '%Y-%m-%d', T: '%H:%M:%S', R: '%H:%M', D: '%m/%d/%y' };

/** Python's strptime; raises JINJA.TYPE where the text does not have the format. */
export function strptime(text: string, format: string): Moment {
  const found: string[] = [];
  const whole = format.replace(/%([FTRD])/g, (_, directive: string) => composed[directive] ?? '');
  const source = whole.replace(/%([a-zA-Z%])|[.*+?^${}()|[\]\\]|\s+/g, (part, directive?: string) => {
    if (directive === '%') return '%';
    if (directive === undefined) return /^\s/.test(part) ? '\\s+' : `\\${part}`;
    const pattern = patterns[directive];
    if (pattern === undefined) throw typeError(`'${directive}' is a bad directive in format '${format}'`);
    found.push(directive);
    return `(${pattern})`;
  });
  const match = new RegExp(`^${source}`, 'i').exec(text);
  if (match === null) throw typeError(`time data '${text}' does not match format '${format}'`);
  if (match[0].length < text.length) throw typeError(`unconverted data remains: ${text.slice(match[0].length)}`);
  const field = new Map(found.map((directive, index) => [directive, match[index + 1] ?? '']));
  return momentOf(field);
}

function momentOf(field: ReadonlyMap<string, string>): Moment {
  const number = (directive: string, otherwise: number): number =>
    field.has(directive) ? Number(field.get(directive)) : otherwise;
  const shortYear = number('y', 0);
  const year = field.has('y') ? shortYear + (shortYear < 69 ? 2000 : 1900) : number('Y', emptyMoment.year);
  const monthName = (field.get('B') ?? field.get('b') ?? '').slice(0, 3).toLowerCase();
  let month =
    monthName === '' ? number('m', 1) : short(monthNames).findIndex((name) => name.toLowerCase() === monthName) + 1;
  let day = number('d', 1);
  if (field.has('j') && !field.has('m') && !field.has('d')) {
    ({ month, day } = dateOfDays(daysOf(year, 1, 1) + number('j', 1) - 1));
  }
  checkDate(year, month, day);
  let hour = number('H', 0);
  if (field.has('I')) hour = (number('I', 12) % 12) + (field.get('p')?.toUpperCase() === 'PM' ? 12 : 0);
  return {
    year,
    month,
    day,
    hour,
    minute: number('M', 0),
    second: number('S', 0),
    microsecond: Number((field.get('f') ?? '0').padEnd(6, '0')),
    zone: field.has('z') ? parseOffset(field.get('z') ?? '') : null,
  };
}

/** `+0530`, `+05:30`, `Z`. */
export function parseOffset(text: string): PyTimeZone {
  if (text === 'Z' || text === 'z') return utc;
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = /^([-+])(\d{2}):?(\d{2})?:?(\d{2})?/.exec(text) ?? [];
  const offset = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return offset === 0 ? utc : new FixedZone(sign === '-' ? -offset : offset);
}
