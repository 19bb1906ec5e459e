import type { PyTimeZone } from './time-zone.js';

/** The fields of a datetime; a date has no clock, a time no date. */
export interface Moment {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
  readonly zone: PyTimeZone | null;
}

/** Midnight of 1900-01-01 without zone: what Python takes for fields that are not there. */
export const emptyMoment: Moment = {
  year: 1900,
  month: 1,
  day: 1,
  hour: 0,
  minute: 0,
  second: 0,
  microsecond: 0,
  zone: null,
};
