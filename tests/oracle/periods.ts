import { dateText } from './calendar.js';
import { flag, number, type Cell, type ColumnType, type ExpectedTable } from './expected-table.js';
import {
  byPerson,
  eventsByPeriod,
  isActivity,
  month,
  ofTypes,
  peopleOf,
  realAtEndOf,
  seriesOf,
  week,
  type History,
  type PeriodKind,
} from './history.js';
import { profileCompletedAt } from './journey.js';
import { quotient, rate, sum } from './numbers.js';
import { countByType, engagementLevel, engagementScore, eventTypes, hasFinder, type Person } from './people.js';

/** Who was active in each period, and since when each is. */
function activePeople(history: History, kind: PeriodKind) {
  const active = new Map<number, Set<Person>>();
  const first = new Map<Person, number>();
  for (const counted of history.events) {
    if (!isActivity(counted)) continue;
    const period = kind.startOf(counted.date);
    const people = active.get(period) ?? new Set<Person>();
    active.set(period, people.add(counted.person));
    first.set(counted.person, Math.min(period, first.get(counted.person) ?? Infinity));
  }
  const activeIn = (period: number): ReadonlySet<Person> => active.get(period) ?? new Set();
  return {
    activeIn,
    /** Those active in this period and in an earlier one, but not in the one before. */
    reactivatedIn: (period: number): Person[] =>
      [...activeIn(period)].filter(
        (person) => (first.get(person) ?? Infinity) < period && !activeIn(kind.previous(period)).has(person),
      ),
    newIn: (period: number): Person[] => [...activeIn(period)].filter((person) => first.get(person) === period),
  };
}

/** `(now - before) / before` as a percentage; null before the series, and for a period that is not over. */
const growth = (now: number, before: number | undefined, isComplete: boolean): Cell =>
  before === undefined || !isComplete ? null : rate(now - before, before);

function periodRows(history: History, kind: PeriodKind, names: { period: string; active: string }) {
  const { today, firstDate, members, calendar } = history;
  const byPeriod = eventsByPeriod(history, kind);
  const { activeIn, reactivatedIn, newIn } = activePeople(history, kind);
  const rows: Record<string, Cell>[] = [];
  let before: { signups: number; users: number } | undefined;
  for (const start of seriesOf(history, kind)) {
    const end = kind.next(start) - 1;
    const isComplete = end < today;
    const events = byPeriod.get(start) ?? [];
    const activities = events.filter(isActivity);
    const signups = members.filter((person) => kind.startOf(calendar.dateOf(person.createdAt)) === start).length;
    const users = realAtEndOf(history, end).length;
    const active = activeIn(start);
    const previous = activeIn(kind.previous(start));
    const retained = [...previous].filter((person) => active.has(person)).length;
    const churned = previous.size - retained;
    const finders = [...active].filter((person) => hasFinder(person.row)).length;
    const days: number[] = [];
    for (let date = Math.max(start, firstDate); date <= Math.min(end, today); date += 1) {
      days.push(peopleOf(activities.filter((counted) => counted.date === date)));
    }
    const scores = [...byPerson(activities).values()].map((own) =>
      engagementScore(countByType(own.map(({ event }) => event))),
    );
    rows.push({
      [names.period]: dateText(start),
      is_complete: flag(isComplete),
      new_signups: number(signups),
      signup_growth_rate: growth(signups, before?.signups, isComplete),
      total_users: number(users),
      user_growth_rate: growth(users, before?.users, isComplete),
      [names.active]: number(active.size),
      [`${names.active}_social`]: number(peopleOf(ofTypes(events, 'post', 'comment'))),
      avg_dau: quotient(sum(days), days.length),
      ...Object.fromEntries(eventTypes.map((type) => [`${type}_count`, number(ofTypes(events, type).length)])),
      total_activities: number(activities.length),
      avg_activities_per_user: quotient(activities.length, active.size),
      avg_engagement_score: quotient(sum(scores), active.size),
      [`finder_${names.active}`]: number(finders),
      [`standard_${names.active}`]: number(active.size - finders),
      retained_users: number(retained),
      retention_rate: isComplete ? rate(retained, previous.size) : null,
      churned_users: number(churned),
      churn_rate: isComplete ? rate(churned, previous.size) : null,
      reactivated_users: number(reactivatedIn(start).length),
      new_active_users: number(newIn(start).length),
    });
    before = { signups, users };
  }
  return rows;
}

const periodColumns = (period: string, active: string): Record<string, ColumnType> => ({
  [period]: 'date',
  is_complete: 'boolean',
  new_signups: 'bigint',
  signup_growth_rate: 'numeric(12,2)',
  total_users: 'bigint',
  user_growth_rate: 'numeric(12,2)',
  [active]: 'bigint',
  [`${active}_social`]: 'bigint',
  avg_dau: 'numeric(12,2)',
  ...Object.fromEntries(eventTypes.map((type) => [`${type}_count`, 'bigint' as const])),
  total_activities: 'bigint',
  avg_activities_per_user: 'numeric(12,2)',
  avg_engagement_score: 'numeric(12,2)',
  [`finder_${active}`]: 'bigint',
  [`standard_${active}`]: 'bigint',
  retained_users: 'bigint',
  retention_rate: 'numeric(12,2)',
  churned_users: 'bigint',
  churn_rate: 'numeric(12,2)',
  reactivated_users: 'bigint',
  new_active_users: 'bigint',
});

/** aggregates.weekly_metrics */
export function weeklyMetrics(history: History): ExpectedTable {
  return {
    name: 'aggregates.weekly_metrics',
    key: ['metric_week'],
    columns: periodColumns('metric_week', 'wau'),
    rows: periodRows(history, week, { period: 'metric_week', active: 'wau' }),
  };
}

/** aggregates.monthly_metrics */
export function monthlyMetrics(history: History): ExpectedTable {
  const { asOf, calendar } = history;
  const completedOn = new Map(
    history.members.map((person) => {
      const moment = profileCompletedAt(person, asOf);
      return [person, moment === undefined ? Infinity : calendar.dateOf(moment)];
    }),
  );
  const months = seriesOf(history, month);
  const rows = periodRows(history, month, { period: 'metric_month', active: 'mau' });
  return {
    name: 'aggregates.monthly_metrics',
    key: ['metric_month'],
    columns: {
      ...periodColumns('metric_month', 'mau'),
      completed_profiles: 'bigint',
      profile_completion_rate: 'numeric(12,2)',
    },
    rows: rows.map((row, index) => {
      const end = month.next(months[index] ?? 0) - 1;
      const real = realAtEndOf(history, end);
      const completed = real.filter((person) => (completedOn.get(person) ?? Infinity) <= end).length;
      return {
        ...row,
        completed_profiles: number(completed),
        profile_completion_rate: rate(completed, real.length),
      };
    }),
  };
}

/** aggregates.churn_analysis */
export function churnAnalysis(history: History): ExpectedTable {
  const { activeIn, reactivatedIn } = activePeople(history, month);
  const eventsOf = byPerson(history.events);
  const levelBefore = (person: Person, start: number): string => {
    const earlier = (eventsOf.get(person) ?? []).filter(({ date }) => date < start);
    return engagementLevel(countByType(earlier.map(({ event }) => event)));
  };
  const rows = seriesOf(history, month).flatMap((start) => {
    const groups = new Map<
      string,
      { userType: string; level: string; before: number; churned: number; back: number }
    >();
    const groupOf = (person: Person) => {
      const userType = hasFinder(person.row) ? 'FINDER' : 'STANDARD';
      const level = levelBefore(person, start);
      const group = groups.get(`${userType} ${level}`) ?? { userType, level, before: 0, churned: 0, back: 0 };
      groups.set(`${userType} ${level}`, group);
      return group;
    };
    for (const person of activeIn(month.previous(start))) {
      const group = groupOf(person);
      group.before += 1;
      if (!activeIn(start).has(person)) group.churned += 1;
    }
    for (const person of reactivatedIn(start)) groupOf(person).back += 1;
    const isComplete = month.next(start) <= history.today;
    return [...groups.values()].map(({ userType, level, before, churned, back }) => ({
      metric_month: dateText(start),
      user_type: userType,
      engagement_level: level,
      active_before: number(before),
      churned_users: number(churned),
      churn_rate: isComplete ? rate(churned, before) : null,
      reactivated_users: number(back),
    }));
  });
  return {
    name: 'aggregates.churn_analysis',
    key: ['metric_month', 'user_type', 'engagement_level'],
    columns: {
      metric_month: 'date',
      user_type: 'text',
      engagement_level: 'text',
      active_before: 'bigint',
      churned_users: 'bigint',
      churn_rate: 'numeric(12,2)',
      reactivated_users: 'bigint',
    },
    rows,
  };
}
