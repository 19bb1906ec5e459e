import { day, formatDate, minute, type Instant } from '../../src/util/instant.js';

/** Local dates and hours of a time zone. Dates are day numbers since 1970-01-01. */
export interface Calendar {
  dateOf(instant: Instant): number;
  hourOf(instant: Instant): number;
}

/** A calendar of an IANA time zone. */
export function createCalendar(zone: string): Calendar {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const offsets = new Map<number, number>();
  const offsetAt = (instant: Instant): number => {
    if (zone === 'UTC') return 0;
    // No zone changes its offset within a quarter of an hour since 1970.
    const quarter = Math.floor(instant / (15 * minute));
    let offset = offsets.get(quarter);
    if (offset === undefined) {
      const start = quarter * 15 * 60 * 1000;
      const parts = new Map(format.formatToParts(start).map((part) => [part.type, Number(part.value)]));
      const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
      const local = Date.UTC(
        part('year'),
        part('month') - 1,
        part('day'),
        part('hour'),
        part('minute'),
        part('second'),
      );
      offset = (local - start) * 1000;
      offsets.set(quarter, offset);
    }
    return offset;
  };
  const local = (instant: Instant): Instant => instant + offsetAt(instant);
  return {
    dateOf: (instant) => Math.floor(local(instant) / day),
    hourOf: (instant) => Math.floor((local(instant) - Math.floor(local(instant) / day) * day) / (60 * minute)),
  };
}

/** `YYYY-MM-DD` of a day number. */
export const dateText = (date: number): string => formatDate(date * day);

/** `YYYY-MM-01` of a day number. */
export const monthText = (date: number): string => `${dateText(date).slice(0, 7)}-01`;

/** Monday 1 to Sunday 7; 1970-01-01 was a Thursday. */
export const isoWeekday = (date: number): number => ((((date + 3) % 7) + 7) % 7) + 1;
