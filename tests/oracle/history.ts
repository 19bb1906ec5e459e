import type { Instant } from '../../src/util/instant.js';
import { dateText, isoWeekday, type Calendar } from './calendar.js';
import { eventsAt } from './core.js';
import type { OracleSettings } from './expected-table.js';
import { addTo, type Event, type Person } from './people.js';

/** An event that counts in history, with its local date. */
export interface Counted {
  readonly event: Event;
  readonly person: Person;
  readonly date: number;
}

/** What a table with a period or a cohort in its key looks at: it does not change when somebody leaves. */
export interface History {
  /** People who were real when they signed up. */
  readonly members: readonly Person[];
  /** Events of no test account, before the account's deletion; profile updates too. */
  readonly events: readonly Counted[];
  /** The date of the first sign-up of a real account; Infinity where there is none. */
  readonly firstDate: number;
  /** The date of as_of. */
  readonly today: number;
  readonly asOf: Instant;
  readonly calendar: Calendar;
}

/** People who were real when they signed up: history does not change when somebody leaves. */
export function signedUpReal(people: readonly Person[]): Person[] {
  return people.filter(
    (person) => !person.isTest && (person.deletedAt === undefined || person.deletedAt > person.createdAt),
  );
}

/** A person's events that count in history. */
export function countedEvents(person: Person, asOf: Instant): Event[] {
  if (person.isTest) return [];
  return eventsAt(person, asOf).filter((event) => person.deletedAt === undefined || event.createdAt < person.deletedAt);
}

/** Gathers what history is computed from. */
export function createHistory(people: readonly Person[], settings: OracleSettings, calendar: Calendar): History {
  const members = signedUpReal(people);
  return {
    members,
    events: people.flatMap((person) =>
      countedEvents(person, settings.asOf).map((event) => ({ event, person, date: calendar.dateOf(event.createdAt) })),
    ),
    firstDate: members.reduce((first, person) => Math.min(first, calendar.dateOf(person.createdAt)), Infinity),
    today: calendar.dateOf(settings.asOf),
    asOf: settings.asOf,
    calendar,
  };
}

/** Days, weeks or months; a period is named by the number of its first day. */
export interface PeriodKind {
  /** The period of a date. */
  startOf(date: number): number;
  next(start: number): number;
  previous(start: number): number;
}

const day: PeriodKind = { startOf: (date) => date, next: (start) => start + 1, previous: (start) => start - 1 };

/** Weeks that begin on Monday. */
export const week: PeriodKind = {
  startOf: (date) => date - (isoWeekday(date) - 1),
  next: (start) => start + 7,
  previous: (start) => start - 7,
};

const dayOfMonth = (date: number): number => Number(dateText(date).slice(8));
const firstOfMonth = (date: number): number => date - (dayOfMonth(date) - 1);

/** Calendar months. */
export const month: PeriodKind = {
  startOf: firstOfMonth,
  next: (start) => firstOfMonth(start + 31),
  previous: (start) => firstOfMonth(start - 1),
};

/** The periods from the first sign-up of a real account to as_of, without gaps. */
export function seriesOf(history: History, kind: PeriodKind): number[] {
  const periods: number[] = [];
  if (history.firstDate === Infinity) return periods;
  for (let start = kind.startOf(history.firstDate); start <= history.today; start = kind.next(start)) {
    periods.push(start);
  }
  return periods;
}

/** The days from the first sign-up of a real account to as_of. */
export const daysOf = (history: History): number[] => seriesOf(history, day);

/** Events by the period of their date. */
export function eventsByPeriod(history: History, kind: PeriodKind): ReadonlyMap<number, readonly Counted[]> {
  const byPeriod = new Map<number, Counted[]>();
  for (const counted of history.events) addTo(byPeriod, kind.startOf(counted.date), counted);
  return byPeriod;
}

/** Whether an event makes somebody active. */
export const isActivity = ({ event }: Counted): boolean => event.type !== 'profile_update';

/** The events of some types. */
export const ofTypes = (events: readonly Counted[], ...types: readonly string[]): Counted[] =>
  events.filter(({ event }) => types.includes(event.type));

/** How many people did something. */
export const peopleOf = (events: readonly Counted[]): number => new Set(events.map(({ person }) => person.key)).size;

/** Everybody's events. */
export function byPerson(events: readonly Counted[]): ReadonlyMap<Person, readonly Counted[]> {
  const groups = new Map<Person, Counted[]>();
  for (const counted of events) addTo(groups, counted.person, counted);
  return groups;
}

/** Members who are real at the last moment of a date, which may be as_of's. */
export function realAtEndOf(history: History, date: number): Person[] {
  const { members, asOf, calendar } = history;
  return members.filter(
    ({ createdAt, deletedAt }) =>
      calendar.dateOf(createdAt) <= date &&
      (deletedAt === undefined || deletedAt > asOf || calendar.dateOf(deletedAt) > date),
  );
}
