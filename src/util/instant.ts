/** A moment in microseconds since 1970 (UTC); exact in a number until the year 2255. */
export type Instant = number;

export const second: Instant = 1_000_000;
export const minute: Instant = 60 * second;
export const hour: Instant = 60 * minute;
export const day: Instant = 24 * hour;

let cachedDay = Number.NaN;
let cachedDate = '';

const two = (value: number): string => (value < 10 ? `0${value}` : String(value));

/** `YYYY-MM-DD` of a moment, UTC. */
export function formatDate(instant: Instant): string {
  const dayNumber = Math.floor(instant / day);
  if (dayNumber !== cachedDay) {
    cachedDate = new Date(dayNumber * 86_400_000).toISOString().slice(0, 10);
    cachedDay = dayNumber;
  }
  return cachedDate;
}

/** `YYYY-MM-DD HH:MM:SS.ffffff+00`, as PostgreSQL reads it. */
export function formatInstant(instant: Instant): string {
  const rest = instant - Math.floor(instant / day) * day;
  const seconds = Math.floor(rest / second);
  const fraction = String(rest % second).padStart(6, '0');
  const time = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${formatDate(instant)} ${time}.${fraction}+00`;
}

const pattern =
  /^(\d{4,6})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?\s*(Z|[+-]\d\d(?::?\d\d)?(?::?\d\d)?)?)?$/i;

/** Reads an ISO date or PostgreSQL's text of a timestamptz (no zone means UTC), to the microsecond; undefined for anything else. */
export function parseInstant(text: string): Instant | undefined {
  const match = pattern.exec(text.trim());
  if (match === null) return undefined;
  const [, year, month, date, hours = '0', minutes = '0', seconds = '0', fraction = '', zone = 'Z'] = match;
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(date));
  if (new Date(midnight).getUTCDate() !== Number(date) || Number(hours) > 24 || Number(minutes) > 59) return undefined;
  const local = midnight * 1000 + Number(hours) * hour + Number(minutes) * minute + Number(seconds) * second;
  return local + Number(fraction.padEnd(6, '0')) - zoneOffset(zone);
}

function zoneOffset(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0;
  const digits = zone.slice(1).replaceAll(':', '').padEnd(6, '0');
  const size =
    Number(digits.slice(0, 2)) * hour + Number(digits.slice(2, 4)) * minute + Number(digits.slice(4)) * second;
  return zone.startsWith('-') ? -size : size;
}
