import { day } from '../../src/util/instant.js';
import { monthText } from './calendar.js';
import { lifetimeActivities } from './core.js';
import { number, type ExpectedTable } from './expected-table.js';
import type { History } from './history.js';
import { average, percentile, rate } from './numbers.js';
import { activating, addTo, columnScore, hasFinder, type Child, type Person } from './people.js';
import { isAlive } from './rows.js';

/** A member of a cohort, and how long after the sign-up it was activated. */
interface Member {
  readonly person: Person;
  /** Time from sign-up to activation; undefined for who is not activated. */
  readonly after: number | undefined;
  /** The same as a difference of local dates. */
  readonly days: number | undefined;
}

function cohortsOf({ members, asOf, calendar }: History): ReadonlyMap<string, readonly Member[]> {
  const cohorts = new Map<string, Member[]>();
  for (const person of members) {
    const signupDate = calendar.dateOf(person.createdAt);
    const at = lifetimeActivities(person, asOf).find((event) => activating.has(event.type))?.createdAt;
    addTo(cohorts, monthText(signupDate), {
      person,
      after: at === undefined ? undefined : at - person.createdAt,
      days: at === undefined ? undefined : calendar.dateOf(at) - signupDate,
    });
  }
  return cohorts;
}

const daysOf = (members: readonly Member[]): number[] =>
  members.flatMap(({ days }) => (days === undefined ? [] : [days]));

/** core.user_cohorts */
export function userCohorts(history: History): ExpectedTable {
  const alive = (children: readonly Child[]): number => children.filter((child) => isAlive(child, history.asOf)).length;
  const rows = [...cohortsOf(history)].map(([cohortMonth, members]) => {
    const people = members.map(({ person }) => person);
    const finders = people.filter((person) => hasFinder(person.row)).length;
    const activated = daysOf(members);
    return {
      cohort_month: cohortMonth,
      total_users: number(people.length),
      finder_users: number(finders),
      standard_users: number(people.length - finders),
      avg_profile_completion: average(
        people.map(
          ({ row, experiences, education }) =>
            columnScore(row) + (alive(experiences) > 0 ? 20 : 0) + (alive(education) > 0 ? 15 : 0),
        ),
      ),
      avg_experience_count: average(people.map(({ experiences }) => alive(experiences))),
      avg_education_count: average(people.map(({ education }) => alive(education))),
      activated_users: number(activated.length),
      activation_rate: rate(activated.length, people.length),
      median_days_to_activation: percentile(activated, 50),
      p90_days_to_activation: percentile(activated, 90),
    };
  });
  return {
    name: 'core.user_cohorts',
    key: ['cohort_month'],
    columns: {
      cohort_month: 'date',
      total_users: 'bigint',
      finder_users: 'bigint',
      standard_users: 'bigint',
      avg_profile_completion: 'numeric(12,2)',
      avg_experience_count: 'numeric(12,2)',
      avg_education_count: 'numeric(12,2)',
      activated_users: 'bigint',
      activation_rate: 'numeric(12,2)',
      median_days_to_activation: 'numeric(12,2)',
      p90_days_to_activation: 'numeric(12,2)',
    },
    rows,
  };
}

/** aggregates.cohort_activation */
export function cohortActivation(history: History): ExpectedTable {
  const windows = [1, 7, 30, 90] as const;
  const rows = [...cohortsOf(history)].map(([cohortMonth, members]) => {
    const youngest = members.reduce((last, { person }) => Math.max(last, person.createdAt), -Infinity);
    const isOld = (days: number): boolean => history.asOf - youngest >= days * day;
    const within = (days: number): Member[] =>
      members.filter(({ after }) => after !== undefined && after <= days * day);
    const days = daysOf(within(90));
    return {
      cohort_month: cohortMonth,
      cohort_size: number(members.length),
      ...Object.fromEntries(windows.map((window) => [`activated_${window}d`, number(within(window).length)])),
      ...Object.fromEntries(
        windows.map((window) => [
          `activation_rate_${window}d`,
          isOld(window) ? rate(within(window).length, members.length) : null,
        ]),
      ),
      median_days_to_activation: isOld(90) ? percentile(days, 50) : null,
      p90_days_to_activation: isOld(90) ? percentile(days, 90) : null,
    };
  });
  return {
    name: 'aggregates.cohort_activation',
    key: ['cohort_month'],
    columns: {
      cohort_month: 'date',
      cohort_size: 'bigint',
      ...Object.fromEntries(windows.map((window) => [`activated_${window}d`, 'bigint' as const])),
      ...Object.fromEntries(windows.map((window) => [`activation_rate_${window}d`, 'numeric(12,2)' as const])),
      median_days_to_activation: 'numeric(12,2)',
      p90_days_to_activation: 'numeric(12,2)',
    },
    rows,
  };
}
