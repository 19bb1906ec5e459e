import { typeError } from '../values/raise.js';

/** Microseconds of a day. */
export const dayLength = 86_400_000_000n;

/** Days since 1970-01-01 of a date of the Gregorian calendar. */
export function daysOf(year: number, month: number, day: number): number {
  const moment = new Date(0);
  moment.setUTCFullYear(year, month - 1, day);
  return Math.round(moment.getTime() / 86_400_000);
}

/** The date of a number of days since 1970-01-01. */
export function dateOfDays(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const moment = new Date(days * 86_400_000);
  return { year: moment.getUTCFullYear(), month: moment.getUTCMonth() + 1, day: moment.getUTCDate() };
}

/** How many days a month has. */
export function daysInMonth(year: number, month: number): number {
  return daysOf(month === 12 ? year + 1 : year, (month % 12) + 1, 1) - daysOf(year, month, 1);
}

/** Raises JINJA.TYPE, in Python's words, for a date that the calendar does not have. */
export function checkDate(year: number, month: number, day: number): void {
  if (year < 1 || year > 9999) throw typeError(`year ${year} is out of range`);
  if (month < 1 || month > 12) throw typeError('month must be in 1..12');
  if (day < 1 || day > daysInMonth(year, month)) throw typeError('day is out of range for month');
}

/** Monday is 0. */
export function weekdayOf(days: number): number {
  return (((days + 3) % 7) + 7) % 7;
}

/** ISO year, week and weekday (Monday is 1). */
export function isoCalendar(days: number): readonly [year: number, week: number, weekday: number] {
  const thursday = days - weekdayOf(days) + 3;
  const { year } = dateOfDays(thursday);
  return [year, Math.floor((thursday - daysOf(year, 1, 1)) / 7) + 1, weekdayOf(days) + 1];
}

/** A number with leading zeros. */
export function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
