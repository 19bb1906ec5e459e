/** Days from 1970-01-01 to a date of the proleptic Gregorian calendar; year 0 is 1 BC. */
export function daysFromCivil(year: number, month: number, day: number): number {
  // Years are counted from March, so that the leap day is a year's last: the cycle of 400 years is then regular.
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** A date or timestamp taken from PostgreSQL's ISO text; microseconds are within the day. */
export interface CivilTime {
  /** Astronomical: 0 is 1 BC. */
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** `HH:MM:SS[.ffffff]`, empty for a date. */
  readonly clock: string;
  /** Is it a moment, written with the offset of UTC? */
  readonly isMoment: boolean;
}

const pattern = /^(\d{4,})-(\d\d)-(\d\d)(?: (\d\d:\d\d:\d\d(?:\.\d{1,6})?)(\+00)?)?( BC)?$/;

/** Reads a date or timestamp as PostgreSQL writes it in DateStyle ISO and TimeZone UTC; undefined for `infinity` and for anything else. */
export function parseCivilTime(text: string): CivilTime | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, year = '', month = '', day = '', clock = '', offset, era] = match;
  return {
    year: era === undefined ? Number(year) : 1 - Number(year),
    month: Number(month),
    day: Number(day),
    clock,
    isMoment: offset !== undefined,
  };
}

/** Microseconds of `HH:MM:SS[.ffffff]`. */
export function clockMicroseconds(clock: string): bigint {
  const [, hours = '0', minutes = '0', seconds = '0', fraction = ''] =
    /^(\d+):(\d+):(\d+)(?:\.(\d+))?$/.exec(clock) ?? [];
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
}

/** PostgreSQL's text of a date or timestamp (UTC) in ISO 8601: `2024-05-01`, `2024-05-01T10:00:00.5`, with `+00:00` for a moment; years before 1 or after 9999 have a sign and six digits. `infinity` stays as it is. */
export function isoTime(text: string): string {
  const time = parseCivilTime(text);
  if (time === undefined) return text;
  const date = `${isoYear(time.year)}${text.slice(text.indexOf('-'), text.indexOf('-') + 6)}`;
  if (time.clock === '') return date;
  return `${date}T${time.clock}${time.isMoment ? '+00:00' : ''}`;
}

function isoYear(year: number): string {
  if (year >= 0 && year <= 9999) return String(year).padStart(4, '0');
  return `${year < 0 ? '-' : '+'}${String(Math.abs(year)).padStart(6, '0')}`;
}
