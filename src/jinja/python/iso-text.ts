import { typeError } from '../values/raise.js';
import { checkDate } from './calendar.js';
import { PyDate, PyDateTime, PyTime } from './date-and-time.js';
import { emptyMoment, type Moment } from './moment.js';
import { parseOffset } from './strptime.js';

const date = /^(\d{4})-?(\d{2})-?(\d{2})$/;
const time = /^(\d{2}):?(\d{2})?(?::?(\d{2})(?:[.,](\d{1,9}))?)?([-+]\d{2}(?::?\d{2})?(?::?\d{2})?|Z)?$/;

/** A date, as PostgreSQL and ISO 8601 write it; raises JINJA.TYPE for another text. */
export function parseIsoDate(text: string): PyDate {
  return new PyDate(dateFields(text, text));
}

/** A time of day, as PostgreSQL and ISO 8601 write it; raises JINJA.TYPE for another text. */
export function parseIsoTime(text: string): PyTime {
  return new PyTime({ ...emptyMoment, ...timeFields(text, text) });
}

/** A datetime, as PostgreSQL and ISO 8601 write it, with a zone where the text has an offset; raises JINJA.TYPE for another text. */
export function parseIsoDateTime(text: string): PyDateTime {
  const clock = text.length > 10 ? timeFields(text.slice(11), text) : {};
  return new PyDateTime({ ...dateFields(text.slice(0, 10), text), ...clock });
}

function dateFields(part: string, whole: string): Moment {
  const match = date.exec(part);
  if (match === null) throw typeError(`Invalid isoformat string: '${whole}'`);
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  checkDate(year, month, day);
  return { ...emptyMoment, year, month, day };
}

function timeFields(part: string, whole: string): Partial<Moment> {
  const match = time.exec(part);
  if (match === null) throw typeError(`Invalid isoformat string: '${whole}'`);
  return {
    hour: Number(match[1]),
    minute: Number(match[2] ?? 0),
    second: Number(match[3] ?? 0),
    microsecond: Number((match[4] ?? '0').padEnd(6, '0').slice(0, 6)),
    zone: match[5] === undefined ? null : parseOffset(match[5]),
  };
}
