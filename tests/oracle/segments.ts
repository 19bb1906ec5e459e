import { day } from '../../src/util/instant.js';
import type { Calendar } from './calendar.js';
import { eventsAt, keyedHash, lifetimeActivities } from './core.js';
import { dateText } from './calendar.js';
import { number, type Cell, type ExpectedTable, type OracleSettings } from './expected-table.js';
import { rate } from './numbers.js';
import { activityTypes, addTo, countByType, type Child, type Person } from './people.js';
import { characters, isAlive, notBlank } from './rows.js';

/** A real account at as_of, with its row of core.unified_users. */
export interface RealUser {
  readonly person: Person;
  readonly user: Readonly<Record<string, Cell>>;
}

/** The real accounts of now. */
export function realUsers(people: readonly Person[], unifiedUsers: ExpectedTable): RealUser[] {
  const byKey = new Map(people.map((person) => [person.key, person]));
  return unifiedUsers.rows.flatMap((user) => {
    const person = byKey.get(user['user_key'] ?? '');
    return person !== undefined && user['is_real_account'] === 't' ? [{ person, user }] : [];
  });
}

/** aggregates.user_segmentation */
export function userSegmentation(users: readonly RealUser[]): ExpectedTable {
  const columns = ['user_type', 'engagement_level', 'user_lifecycle_stage'] as const;
  const segments = new Map<string, RealUser[]>();
  for (const real of users) addTo(segments, columns.map((column) => real.user[column]).join(' '), real);
  return {
    name: 'aggregates.user_segmentation',
    key: columns,
    columns: {
      user_type: 'text',
      engagement_level: 'text',
      user_lifecycle_stage: 'text',
      users: 'bigint',
      share: 'numeric(12,2)',
    },
    rows: [...segments.values()].map((members) => ({
      ...Object.fromEntries(columns.map((column) => [column, members[0]?.user[column] ?? null])),
      users: number(members.length),
      share: rate(members.length, users.length),
    })),
  };
}

/** aggregates.user_engagement_levels */
export function userEngagementLevels(
  users: readonly RealUser[],
  { asOf, salt }: OracleSettings,
  calendar: Calendar,
): ExpectedTable {
  return {
    name: 'aggregates.user_engagement_levels',
    key: ['user_id'],
    columns: {
      user_id: 'text',
      engagement_score: 'integer',
      engagement_level: 'text',
      total_activities: 'bigint',
      last_activity_date: 'date',
      days_since_last_activity: 'integer',
      user_type: 'text',
    },
    isMaterializedView: true,
    rows: users.map(({ person, user }) => {
      const count = countByType(eventsAt(person, asOf));
      const last = lifetimeActivities(person, asOf).at(-1);
      const lastDate = last === undefined ? undefined : calendar.dateOf(last.createdAt);
      return {
        user_id: keyedHash(salt, person.key),
        engagement_score: user['engagement_score'] ?? null,
        engagement_level: user['engagement_level'] ?? null,
        total_activities: number(activityTypes.reduce((total, type) => total + count(type), 0)),
        last_activity_date: lastDate === undefined ? null : dateText(lastDate),
        days_since_last_activity: number(lastDate === undefined ? undefined : calendar.dateOf(asOf) - lastDate),
        user_type: user['user_type'] ?? null,
      };
    }),
  };
}

/** aggregates.account_funnel */
export function accountFunnel(users: readonly RealUser[]): ExpectedTable {
  const has = ({ person }: RealUser, column: string): boolean => notBlank(person.row[column]) !== null;
  const positive = ({ user }: RealUser, column: string): boolean => Number(user[column]) > 0;
  const steps: readonly (readonly [string, (real: RealUser) => boolean])[] = [
    ['signed_up', () => true],
    ['basic_info', (real) => ['first_name', 'last_name', 'email'].every((column) => has(real, column))],
    ['headline', ({ person }) => characters(notBlank(person.row['headline_description']) ?? '') > 10],
    ['location', (real) => has(real, 'location_id')],
    ['company', (real) => has(real, 'company_id')],
    ['linkedin', (real) => has(real, 'linked_in_url')],
    ['experience', (real) => positive(real, 'experience_count')],
    ['education', (real) => positive(real, 'education_count')],
    ['finder', ({ user }) => user['has_finder'] === 't'],
    ['activated', ({ user }) => user['is_activated'] === 't'],
  ];
  let sequence = users;
  const rows = steps.map(([step, holds], index) => {
    const before = sequence.length;
    sequence = sequence.filter(holds);
    const alone = users.filter(holds).length;
    return {
      step_order: number(index + 1),
      step,
      users: number(alone),
      rate_of_total: rate(alone, users.length),
      users_in_sequence: number(sequence.length),
      rate_of_previous: index === 0 ? null : rate(sequence.length, before),
    };
  });
  return {
    name: 'aggregates.account_funnel',
    key: ['step_order'],
    columns: {
      step_order: 'integer',
      step: 'text',
      users: 'bigint',
      rate_of_total: 'numeric(12,2)',
      users_in_sequence: 'bigint',
      rate_of_previous: 'numeric(12,2)',
    },
    rows,
  };
}

/** aggregates.profile_metrics */
export function profileMetrics(users: readonly RealUser[], { asOf }: OracleSettings): ExpectedTable {
  const bandOf = ({ user }: RealUser): string => {
    const least = Math.min(80, Math.floor(Number(user['profile_completion_score']) / 20) * 20);
    return `${least}-${least === 80 ? 100 : least + 19}`;
  };
  const freshnessOf = ({ person }: RealUser): string => {
    const updates = eventsAt(person, asOf).filter(({ type }) => type === 'profile_update');
    const age = asOf - (updates.at(-1)?.createdAt ?? person.createdAt);
    return age < 90 * day ? 'FRESH' : age < 180 * day ? 'AGING' : 'STALE';
  };
  const some = (children: readonly Child[]): boolean => children.some((child) => isAlive(child, asOf));
  const statusOf = ({ person }: RealUser): string => {
    if (some(person.embeddings)) return 'SEARCHABLE';
    return some(person.experiences) || some(person.education) ? 'BUILDER_ONLY' : 'BASIC_PROFILE';
  };
  const rows = [
    { dimension: 'score_band', valueOf: bandOf },
    { dimension: 'freshness', valueOf: freshnessOf },
    { dimension: 'status', valueOf: statusOf },
  ].flatMap(({ dimension, valueOf }) => {
    const counts = new Map<string, number>();
    for (const real of users) counts.set(valueOf(real), (counts.get(valueOf(real)) ?? 0) + 1);
    return [...counts].map(([value, count]) => ({
      dimension,
      value,
      users: number(count),
      share: rate(count, users.length),
    }));
  });
  return {
    name: 'aggregates.profile_metrics',
    key: ['dimension', 'value'],
    columns: { dimension: 'text', value: 'text', users: 'bigint', share: 'numeric(12,2)' },
    rows,
  };
}
