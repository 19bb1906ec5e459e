import { dateText, monthText, type Calendar } from './calendar.js';
import { flag, number, type ExpectedTable, type OracleSettings } from './expected-table.js';
import { countedEvents, signedUpReal } from './history.js';
import { quotient, rate } from './numbers.js';
import { addTo, hasFinder, type Event, type Person } from './people.js';

interface Counted {
  readonly event: Event;
  readonly person: Person;
}

/** aggregates.daily_metrics */
export function dailyMetrics(people: readonly Person[], settings: OracleSettings, calendar: Calendar): ExpectedTable {
  const { asOf } = settings;
  const today = calendar.dateOf(asOf);
  const real = signedUpReal(people);
  const firstDate = Math.min(...real.map((person) => calendar.dateOf(person.createdAt)));
  const byDate = new Map<number, Counted[]>();
  for (const person of people) {
    for (const event of countedEvents(person, asOf)) addTo(byDate, calendar.dateOf(event.createdAt), { event, person });
  }
  const activityOf = (date: number): Counted[] =>
    (byDate.get(date) ?? []).filter(({ event }) => event.type !== 'profile_update');
  const distinct = (counted: readonly Counted[]): number => new Set(counted.map(({ person }) => person.key)).size;
  const rolling = (date: number, days: number): number => {
    const users = new Set<string>();
    for (let back = 0; back < days; back += 1) {
      for (const { person } of activityOf(date - back)) users.add(person.key);
    }
    return users.size;
  };

  const rows = [];
  for (let date = firstDate; date <= today; date += 1) {
    const all = byDate.get(date) ?? [];
    const active = activityOf(date);
    const ofType = (...types: string[]): Counted[] => all.filter(({ event }) => types.includes(event.type));
    const signups = real.filter((person) => calendar.dateOf(person.createdAt) === date);
    const finders = signups.filter((person) => hasFinder(person.row)).length;
    // The day's last moment: signed up by then, and not deleted before the next day.
    const totalUsers = real.filter(
      (person) =>
        calendar.dateOf(person.createdAt) <= date &&
        (person.deletedAt === undefined || person.deletedAt > asOf || calendar.dateOf(person.deletedAt) > date),
    ).length;
    const dau = distinct(active);
    const social = distinct(ofType('post', 'comment'));
    const finderActive = distinct(active.filter(({ person }) => hasFinder(person.row)));
    const mau = rolling(date, 30);
    rows.push({
      metric_date: dateText(date),
      is_complete: flag(date < today),
      new_signups: number(signups.length),
      new_finder_signups: number(finders),
      new_standard_signups: number(signups.length - finders),
      total_users: number(totalUsers),
      dau: number(dau),
      dau_social: number(social),
      dau_chemlink: number(distinct(active.filter(({ event }) => event.source === 'chemlink'))),
      dau_with_profile_updates: number(distinct(all)),
      finder_active: number(finderActive),
      standard_active: number(dau - finderActive),
      posts_created: number(ofType('post').length),
      comments_created: number(ofType('comment').length),
      votes_cast: number(ofType('vote').length),
      collections_created: number(ofType('collection').length),
      views_given: number(ofType('view').length),
      profile_updates: number(ofType('profile_update').length),
      active_posters: number(distinct(ofType('post'))),
      active_commenters: number(distinct(ofType('comment'))),
      active_voters: number(distinct(ofType('vote'))),
      active_collectors: number(distinct(ofType('collection'))),
      wau_rolling: number(rolling(date, 7)),
      mau_rolling: number(mau),
      engagement_rate: rate(dau, totalUsers),
      social_engagement_rate: rate(social, dau),
      stickiness: rate(dau, mau),
    });
  }
  return {
    name: 'aggregates.daily_metrics',
    key: ['metric_date'],
    columns: {
      metric_date: 'date',
      is_complete: 'boolean',
      new_signups: 'bigint',
      new_finder_signups: 'bigint',
      new_standard_signups: 'bigint',
      total_users: 'bigint',
      dau: 'bigint',
      dau_social: 'bigint',
      dau_chemlink: 'bigint',
      dau_with_profile_updates: 'bigint',
      finder_active: 'bigint',
      standard_active: 'bigint',
      posts_created: 'bigint',
      comments_created: 'bigint',
      votes_cast: 'bigint',
      collections_created: 'bigint',
      views_given: 'bigint',
      profile_updates: 'bigint',
      active_posters: 'bigint',
      active_commenters: 'bigint',
      active_voters: 'bigint',
      active_collectors: 'bigint',
      wau_rolling: 'bigint',
      mau_rolling: 'bigint',
      engagement_rate: 'numeric(12,2)',
      social_engagement_rate: 'numeric(12,2)',
      stickiness: 'numeric(12,2)',
    },
    rows: real.length === 0 ? [] : rows,
  };
}

/** aggregates.cohort_retention */
export function cohortRetention(
  people: readonly Person[],
  settings: OracleSettings,
  calendar: Calendar,
): ExpectedTable {
  const { asOf } = settings;
  const today = calendar.dateOf(asOf);
  const cohorts = new Map<string, Person[]>();
  for (const person of signedUpReal(people)) addTo(cohorts, monthText(calendar.dateOf(person.createdAt)), person);
  const rows = [];
  for (const [cohortMonth, members] of cohorts) {
    const size = members.length;
    const lastSignup = Math.max(...members.map((person) => calendar.dateOf(person.createdAt)));
    // Week w is over when its last date, 7w + 6 days after the last member's sign-up, has passed.
    const weeks = Math.min(52, Math.floor((today - 1 - lastSignup - 6) / 7));
    const activities = new Map<number, number>();
    const activeIn = new Map<number, Set<string>>();
    const lastActiveWeek = new Map<string, number>();
    for (const person of members) {
      const signupDate = calendar.dateOf(person.createdAt);
      for (const event of countedEvents(person, asOf)) {
        if (event.type === 'profile_update' || event.createdAt < person.createdAt) continue;
        const week = Math.floor((calendar.dateOf(event.createdAt) - signupDate) / 7);
        if (week > weeks) continue;
        activities.set(week, (activities.get(week) ?? 0) + 1);
        const users = activeIn.get(week) ?? new Set<string>();
        activeIn.set(week, users.add(person.key));
        lastActiveWeek.set(person.key, Math.max(week, lastActiveWeek.get(person.key) ?? 0));
      }
    }
    for (let week = 0; week <= weeks; week += 1) {
      const retained = activeIn.get(week)?.size ?? 0;
      const cumulative = [...lastActiveWeek.values()].filter((last) => last >= week).length;
      const total = activities.get(week) ?? 0;
      rows.push({
        cohort_month: cohortMonth,
        weeks_since_signup: number(week),
        cohort_size: number(size),
        retained_users: number(retained),
        retention_rate: rate(retained, size),
        cumulative_retained_users: number(cumulative),
        cumulative_retention_rate: rate(cumulative, size),
        total_activities: number(total),
        avg_activities_per_retained_user: quotient(total, retained),
      });
    }
  }
  return {
    name: 'aggregates.cohort_retention',
    key: ['cohort_month', 'weeks_since_signup'],
    columns: {
      cohort_month: 'date',
      weeks_since_signup: 'integer',
      cohort_size: 'bigint',
      retained_users: 'bigint',
      retention_rate: 'numeric(12,2)',
      cumulative_retained_users: 'bigint',
      cumulative_retention_rate: 'numeric(12,2)',
      total_activities: 'bigint',
      avg_activities_per_retained_user: 'numeric(12,2)',
    },
    rows,
  };
}
