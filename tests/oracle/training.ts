import { day, hour, type Instant } from '../../src/util/instant.js';
import { dateText, isoWeekday, monthText, type Calendar } from './calendar.js';
import { keyedHash } from './core.js';
import { flag, number, type Cell, type ColumnType, type ExpectedTable, type OracleSettings } from './expected-table.js';
import { quotient } from './numbers.js';
import {
  activating,
  activityTypes,
  columnScore,
  countByType,
  engagementLevel,
  engagementScore,
  eventTypes,
  hasFinder,
  type Event,
  type Person,
} from './people.js';
import { isAlive } from './rows.js';
import type { KnownAt } from './snapshots.js';

/** A real account at its moment of observation. */
interface Observation {
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

/** Everybody who was real at sign-up + `days` and whose label window of `labelDays` is over. */
function observe(people: readonly Person[], asOf: Instant, days: number, labelDays: number): Observation[] {
  const observations: Observation[] = [];
  for (const person of people) {
    const observedAt = person.createdAt + days * day;
    const endsAt = observedAt + labelDays * day;
    if (endsAt > asOf || person.isTest || !isAlive(person, observedAt)) continue;
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

const isActivity = (event: Event): boolean => event.type !== 'profile_update';

/** Features that both tables have; `window` is the suffix of counts over it. */
function features(
  { person, observedAt, before }: Observation,
  window: '7d' | '30d',
  known: KnownAt,
  settings: OracleSettings,
  calendar: Calendar,
): Record<string, Cell> {
  const snapshot = known(person.id, observedAt);
  const activities = before.filter(isActivity);
  const alive = (lives: Person['experiences']): number => lives.filter((life) => isAlive(life, observedAt)).length;
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

const featureTypes = (window: '7d' | '30d'): Record<string, ColumnType> => ({
  example_id: 'text',
  observed_on: 'date',
  cohort_month: 'date',
  is_point_in_time: 'boolean',
  split: 'text',
  time_split: 'text',
  has_finder: 'boolean',
  signup_dow: 'integer',
  signup_hour: 'integer',
  signup_month: 'integer',
  profile_completion_score: 'integer',
  [`profile_update_count_${window}`]: 'bigint',
  experience_count: 'bigint',
  education_count: 'bigint',
  language_count: 'bigint',
  [`active_days_${window}`]: 'bigint',
  hours_to_first_activity: 'numeric(12,2)',
  has_engagement_account: 'boolean',
});

/** Adds `split` by the example's hash, and `time_split` by the table's last dates of observation. */
function withSplits(rows: readonly Record<string, Cell>[]): Record<string, Cell>[] {
  const dateOf = (row: Record<string, Cell>): number =>
    Date.parse(`${row['observed_on'] ?? ''}T00:00:00Z`) / 86_400_000;
  const last = rows.reduce((latest, row) => Math.max(latest, dateOf(row)), -Infinity);
  return rows.map((row) => {
    const share = Number.parseInt((row['example_id'] ?? '').slice(0, 8), 16) % 100;
    const age = last - dateOf(row);
    return {
      ...row,
      split: share < 80 ? 'train' : share < 90 ? 'validation' : 'test',
      time_split: age < 30 ? 'test' : age < 60 ? 'validation' : 'train',
    };
  });
}

/** ai.training_data_activation */
export function trainingActivation(
  people: readonly Person[],
  known: KnownAt,
  settings: OracleSettings,
  calendar: Calendar,
): ExpectedTable {
  const rows = observe(people, settings.asOf, 7, 30)
    .filter(({ before }) => !before.some((event) => activating.has(event.type)))
    .map((observation) => {
      const { person, before, after } = observation;
      const count = countByType(before);
      const activated = after.filter((event) => activating.has(event.type));
      const [first] = activated;
      return {
        ...features(observation, '7d', known, settings, calendar),
        view_count_7d: number(count('view')),
        collection_add_count_7d: number(count('collection_add')),
        group_join_count_7d: number(count('group_join')),
        activated_30d: flag(activated.length > 0),
        activated_social_30d: flag(activated.some(({ type }) => type === 'post' || type === 'comment')),
        activated_finder_30d: flag(activated.some(({ type }) => type === 'vote' || type === 'collection')),
        days_to_activation: number(
          first === undefined ? undefined : calendar.dateOf(first.createdAt) - calendar.dateOf(person.createdAt),
        ),
      };
    });
  return {
    name: 'ai.training_data_activation',
    key: ['example_id'],
    columns: {
      ...featureTypes('7d'),
      view_count_7d: 'bigint',
      collection_add_count_7d: 'bigint',
      group_join_count_7d: 'bigint',
      activated_30d: 'boolean',
      activated_social_30d: 'boolean',
      activated_finder_30d: 'boolean',
      days_to_activation: 'integer',
    },
    rows: withSplits(rows),
  };
}

/** ai.training_data_engagement */
export function trainingEngagement(
  people: readonly Person[],
  known: KnownAt,
  settings: OracleSettings,
  calendar: Calendar,
): ExpectedTable {
  const rows = observe(people, settings.asOf, 30, 90).map((observation) => {
    const { person, before, after } = observation;
    const activities = before.filter(isActivity);
    const count = countByType(before);
    const later = countByType(after);
    const within = (from: number, to: number): number =>
      activities.filter(({ createdAt }) => {
        const age = createdAt - person.createdAt;
        return age >= from * day && age < to * day;
      }).length;
    const common = features(observation, '30d', known, settings, calendar);
    return {
      ...common,
      ...Object.fromEntries(activityTypes.map((type) => [`${type}_count_30d`, number(count(type))])),
      activity_types_30d: number(new Set(activities.map(({ type }) => type)).size),
      activity_trend: quotient(within(14, 28), within(0, 14)),
      was_activated: flag(activities.some(({ type }) => activating.has(type))),
      engagement_score_90d: number(engagementScore(later)),
      engagement_level_90d: engagementLevel(later),
      retained_90d: flag(after.length > 0),
      churned_90d: activities.length === 0 ? null : flag(after.length === 0),
      became_power_user_90d: flag(engagementLevel(later) === 'POWER_USER' && engagementLevel(count) !== 'POWER_USER'),
    };
  });
  return {
    name: 'ai.training_data_engagement',
    key: ['example_id'],
    columns: {
      ...featureTypes('30d'),
      ...Object.fromEntries(eventTypes.map((type) => [`${type}_count_30d`, 'bigint' as const])),
      activity_types_30d: 'bigint',
      activity_trend: 'numeric(12,2)',
      was_activated: 'boolean',
      engagement_score_90d: 'integer',
      engagement_level_90d: 'text',
      retained_90d: 'boolean',
      churned_90d: 'boolean',
      became_power_user_90d: 'boolean',
    },
    rows: withSplits(rows),
  };
}
