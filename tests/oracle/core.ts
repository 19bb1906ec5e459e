import { createHash } from 'node:crypto';
import { day, type Instant } from '../../src/util/instant.js';
import { dateText, type Calendar } from './calendar.js';
import { flag, number, stamp, type Cell, type ExpectedTable, type OracleSettings } from './expected-table.js';
import {
  activating,
  columnScore,
  countByType,
  engagementLevel,
  engagementScore,
  hasFinder,
  type Event,
  type EventType,
  type Orphan,
  type Person,
} from './people.js';
import { instantOf } from './read-sources.js';
import { isAlive, type Life } from './rows.js';

/** encode(sha256(convert_to(salt || ':' || v, 'UTF8')), 'hex') */
export function keyedHash(salt: string, value: string): string {
  return createHash('sha256').update(`${salt}:${value}`, 'utf8').digest('hex');
}

/** When the account was deleted, if that has happened by as_of. */
export function deletionBy(person: Person, asOf: Instant): Instant | undefined {
  return person.deletedAt !== undefined && person.deletedAt <= asOf ? person.deletedAt : undefined;
}

/** The events of the warehouse: rows there and not deleted at as_of. */
export const eventsAt = (person: Person, asOf: Instant): Event[] =>
  person.events.filter((event) => isAlive(event, asOf));

const isActivity = (event: Event): boolean => event.type !== 'profile_update';

/** Activities from the sign-up on and before the account's deletion: what firsts, lifecycle and journey look at. */
export function lifetimeActivities(person: Person, asOf: Instant): Event[] {
  const deletedAt = deletionBy(person, asOf);
  return eventsAt(person, asOf).filter(
    (event) =>
      isActivity(event) &&
      event.createdAt >= person.createdAt &&
      (deletedAt === undefined || event.createdAt < deletedAt),
  );
}

function lifecycleStage(person: Person, activities: readonly Event[], isActivated: boolean, asOf: Instant): string {
  const since = asOf - (activities.at(-1)?.createdAt ?? person.createdAt);
  if (since > 90 * day) return 'CHURNED';
  if (since > 30 * day) return 'DORMANT';
  if (isActivated) return 'ENGAGED';
  return asOf - person.createdAt <= 7 * day ? 'NEW' : 'ONBOARDING';
}

function domainOf(email: string | null): Cell {
  const domain = email === null ? '' : email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  return email === null || !email.includes('@') || domain.trim() === '' ? null : domain;
}

/** core.unified_users */
export function unifiedUsers(people: readonly Person[], settings: OracleSettings, calendar: Calendar): ExpectedTable {
  const { asOf, salt } = settings;
  const today = calendar.dateOf(asOf);
  const rows = people.map((person) => {
    const events = eventsAt(person, asOf);
    const count = countByType(events);
    const activities = lifetimeActivities(person, asOf);
    const first = (type?: EventType): Instant | undefined =>
      activities.find((event) => type === undefined || event.type === type)?.createdAt;
    const activatedAt = activities.find((event) => activating.has(event.type))?.createdAt;
    const alive = (lives: readonly Life[]): number => lives.filter((life) => isAlive(life, asOf)).length;
    const experiences = alive(person.experiences);
    const education = alive(person.education);
    const deletedAt = deletionBy(person, asOf);
    const signupDate = calendar.dateOf(person.createdAt);
    const firstActivity = first();
    return {
      user_key: person.key,
      chemlink_id: person.id,
      engagement_person_id: person.link?.id ?? null,
      email_hash: person.email === null ? null : keyedHash(salt, person.email.toLowerCase()),
      email_domain: domainOf(person.email),
      country: person.country,
      company_id: person.row['company_id'] ?? null,
      role_id: person.row['role_id'] ?? null,
      has_finder: flag(hasFinder(person.row)),
      user_type: hasFinder(person.row) ? 'FINDER' : 'STANDARD',
      experience_count: number(experiences),
      education_count: number(education),
      language_count: number(alive(person.languages)),
      profile_completion_score: number(columnScore(person.row) + (experiences > 0 ? 20 : 0) + (education > 0 ? 15 : 0)),
      posts_created: number(count('post')),
      comments_made: number(count('comment')),
      votes_cast: number(count('vote')),
      collections_created: number(count('collection')),
      collection_adds: number(count('collection_add')),
      mentions_received: number(alive(person.mentions)),
      groups_joined: number(count('group_join')),
      views_given: number(count('view')),
      engagement_score: number(engagementScore(count)),
      engagement_level: engagementLevel(count),
      profile_updates: number(count('profile_update')),
      signup_date: stamp(person.createdAt),
      first_activity_date: stamp(firstActivity),
      last_activity_date: stamp(activities.at(-1)?.createdAt),
      first_post_date: stamp(first('post')),
      first_vote_date: stamp(first('vote')),
      days_since_signup: number(today - signupDate),
      days_to_first_activity: number(
        firstActivity === undefined ? undefined : calendar.dateOf(firstActivity) - signupDate,
      ),
      is_activated: flag(activatedAt !== undefined),
      activated_at: stamp(activatedAt),
      user_lifecycle_stage: lifecycleStage(person, activities, activatedAt !== undefined, asOf),
      is_test_account: flag(person.isTest),
      is_deleted: flag(deletedAt !== undefined),
      is_real_account: flag(!person.isTest && deletedAt === undefined),
      created_at: stamp(person.createdAt),
      updated_at: stamp(instantOf(person.row['updated_at'])),
      deleted_at: stamp(deletedAt),
    };
  });
  return {
    name: 'core.unified_users',
    key: ['user_key'],
    columns: {
      user_key: 'uuid',
      chemlink_id: 'bigint',
      engagement_person_id: 'uuid',
      email_hash: 'text',
      email_domain: 'text',
      country: 'text',
      company_id: 'bigint',
      role_id: 'bigint',
      has_finder: 'boolean',
      user_type: 'text',
      experience_count: 'bigint',
      education_count: 'bigint',
      language_count: 'bigint',
      profile_completion_score: 'integer',
      posts_created: 'bigint',
      comments_made: 'bigint',
      votes_cast: 'bigint',
      collections_created: 'bigint',
      collection_adds: 'bigint',
      mentions_received: 'bigint',
      groups_joined: 'bigint',
      views_given: 'bigint',
      engagement_score: 'integer',
      engagement_level: 'text',
      profile_updates: 'integer',
      signup_date: 'timestamp with time zone',
      first_activity_date: 'timestamp with time zone',
      last_activity_date: 'timestamp with time zone',
      first_post_date: 'timestamp with time zone',
      first_vote_date: 'timestamp with time zone',
      days_since_signup: 'integer',
      days_to_first_activity: 'integer',
      is_activated: 'boolean',
      activated_at: 'timestamp with time zone',
      user_lifecycle_stage: 'text',
      is_test_account: 'boolean',
      is_deleted: 'boolean',
      is_real_account: 'boolean',
      created_at: 'timestamp with time zone',
      updated_at: 'timestamp with time zone',
      deleted_at: 'timestamp with time zone',
    },
    rows,
  };
}

/** core.user_activity_events */
export function activityEvents(people: readonly Person[], settings: OracleSettings, calendar: Calendar): ExpectedTable {
  const rows = people.flatMap((person) => {
    const signupDate = calendar.dateOf(person.createdAt);
    const seen = new Set<EventType>();
    return eventsAt(person, settings.asOf).map((event) => {
      const isFirst = event.createdAt >= person.createdAt && !seen.has(event.type);
      if (isFirst) seen.add(event.type);
      const date = calendar.dateOf(event.createdAt);
      return {
        event_id: event.id,
        user_key: person.key,
        activity_type: event.type,
        is_activity: flag(isActivity(event)),
        activity_at: stamp(event.createdAt),
        activity_date: dateText(date),
        source_database: event.source,
        source_table: event.table,
        source_id: event.rowId,
        days_since_signup: number(date - signupDate),
        is_first_of_type: flag(isFirst),
      };
    });
  });
  return {
    name: 'core.user_activity_events',
    key: ['event_id'],
    columns: {
      event_id: 'text',
      user_key: 'uuid',
      activity_type: 'text',
      is_activity: 'boolean',
      activity_at: 'timestamp with time zone',
      activity_date: 'date',
      source_database: 'text',
      source_table: 'text',
      source_id: 'text',
      metadata: 'jsonb',
      days_since_signup: 'integer',
      is_first_of_type: 'boolean',
    },
    rows,
    uncompared: ['metadata'],
  };
}

/** core.orphaned_records */
export function orphanedRecords(orphans: readonly Orphan[]): ExpectedTable {
  return {
    name: 'core.orphaned_records',
    key: ['source_database', 'source_table', 'source_id'],
    columns: { source_database: 'text', source_table: 'text', source_id: 'text', reason: 'text' },
    rows: orphans.map(({ source, table, id, reason }) => ({
      source_database: source,
      source_table: table,
      source_id: id,
      reason,
    })),
  };
}
