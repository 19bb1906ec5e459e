import { day, hour, type Instant } from '../../src/util/instant.js';
import { dateText, isoWeekday, monthText, type Calendar } from './calendar.js';
import { keyedHash } from './core.js';
import { flag, number, type Cell, type OracleSettings } from './expected-table.js';
import { quotient } from './numbers.js';
import { columnScore, hasFinder, type Event, type Person } from './people.js';
import { isAlive, type Life } from './rows.js';
import type { KnownAt } from './snapshots.js';

/** A real account at its moment of observation. */
export interface Observation {
  readonly person: Person;
  readonly observedAt: Instant;
  /** The end of the label window. */
  readonly endsAt: Instant;
  /** Events of [sign-up, observed] as known then, profile updates too. */
  readonly before: readonly Event[];
  /** Activities of (observed, end] as known at the end, while the account was there. */
  readonly after: readonly Event[];
}

/** The rules are applied as of the moment: what hangs on an engagement account that was made later belonged to nobody then. */
function isLinkedBy(person: Person, event: Event, moment: Instant): boolean {
  return event.source === 'chemlink' || (person.link !== undefined && person.link.createdAt <= moment);
}

/** Whose label window is over, or whose moment of observation has come and whose label window is not over. */
export type Phase = 'training' | 'scoring';

/** Everybody who was real at sign-up + `days`, in one of the two phases of the label window of `labelDays`. */
export function observe(
  people: readonly Person[],
  asOf: Instant,
  { days, labelDays, phase }: { readonly days: number; readonly labelDays: number; readonly phase: Phase },
): Observation[] {
  const observations: Observation[] = [];
  for (const person of people) {
    const observedAt = person.createdAt + days * day;
    const endsAt = observedAt + labelDays * day;
    const isInPhase = phase === 'training' ? endsAt <= asOf : observedAt <= asOf && endsAt > asOf;
    if (!isInPhase || person.isTest || !isAlive(person, observedAt)) continue;
    observations.push({
      person,
      observedAt,
      endsAt,
      before: person.events.filter(
        (event) =>
          event.createdAt >= person.createdAt && isAlive(event, observedAt) && isLinkedBy(person, event, observedAt),
      ),
      after: person.events.filter(
        (event) =>
          event.type !== 'profile_update' &&
          event.createdAt > observedAt &&
          isAlive(event, endsAt) &&
          isLinkedBy(person, event, endsAt) &&
          (person.deletedAt === undefined || person.deletedAt > event.createdAt),
      ),
    });
  }
  return observations;
}

/** Whether an event makes somebody active. */
export const isActivity = (event: Event): boolean => event.type !== 'profile_update';

/** Features that the tables of both moments have; `window` is the suffix of counts over it. */
export function features(
  { person, observedAt, before }: Observation,
  window: '7d' | '30d',
  known: KnownAt,
  settings: OracleSettings,
  calendar: Calendar,
): Record<string, Cell> {
  const snapshot = known(person.id, observedAt);
  const activities = before.filter(isActivity);
  const alive = (lives: readonly Life[]): number => lives.filter((life) => isAlive(life, observedAt)).length;
  const experiences = alive(person.experiences);
  const education = alive(person.education);
  const signupDate = calendar.dateOf(person.createdAt);
  const [first] = activities;
  const updates = before.length - activities.length;
  return {
    example_id: keyedHash(settings.salt, person.key),
    observed_on: dateText(calendar.dateOf(observedAt)),
    cohort_month: monthText(signupDate),
    is_point_in_time: flag(snapshot !== undefined),
    has_finder: snapshot === undefined ? null : flag(hasFinder(snapshot)),
    signup_dow: number(isoWeekday(signupDate)),
    signup_hour: number(calendar.hourOf(person.createdAt)),
    signup_month: String(Number(dateText(signupDate).slice(5, 7))),
    profile_completion_score:
      snapshot === undefined
        ? null
        : number(columnScore(snapshot) + (experiences > 0 ? 20 : 0) + (education > 0 ? 15 : 0)),
    [`profile_update_count_${window}`]: snapshot === undefined ? null : number(updates),
    experience_count: number(experiences),
    education_count: number(education),
    language_count: number(alive(person.languages)),
    [`active_days_${window}`]: number(new Set(activities.map((event) => calendar.dateOf(event.createdAt))).size),
    hours_to_first_activity: first === undefined ? null : quotient(first.createdAt - person.createdAt, hour),
    has_engagement_account: flag(person.link !== undefined && person.link.createdAt <= observedAt),
  };
}
