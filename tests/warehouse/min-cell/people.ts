import { withDatabase, type Row } from '../../oracle/read-sources.js';
import type { WarehouseUnderTest } from '../warehouse-under-test.js';
import { cell, type Aggregates, type Table } from './cells.js';

/** How many people a cell is about, by cell; of several groups the smallest that is there. */
export type People = ReadonlyMap<string, number>;

/** Columns that count people, and what else in the row is about those people. */
const groups: Partial<Record<Table, Readonly<Record<string, readonly string[]>>>> = {
  account_funnel: { users: ['rate_of_total'], users_in_sequence: ['rate_of_previous'] },
  activity_by_type: { unique_users: ['total_activities', 'share_of_users'] },
  churn_analysis: { active_before: [], churned_users: ['churn_rate'], reactivated_users: [] },
  cohort_activation: {
    cohort_size: [],
    activated_1d: ['activation_rate_1d'],
    activated_7d: ['activation_rate_7d'],
    activated_30d: ['activation_rate_30d'],
    activated_90d: ['activation_rate_90d', 'median_days_to_activation', 'p90_days_to_activation'],
  },
  cohort_retention: {
    cohort_size: [],
    retained_users: ['retention_rate', 'total_activities', 'avg_activities_per_retained_user'],
    cumulative_retained_users: ['cumulative_retention_rate'],
  },
  collection_metrics: { collectors: ['collections'] },
  content_type_distribution: {
    authors: ['posts', 'avg_content_length', 'comments_per_post'],
    commenters: ['comments', 'comments_per_post'],
  },
  daily_metrics: {
    new_signups: [],
    new_finder_signups: [],
    new_standard_signups: [],
    total_users: [],
    dau: ['engagement_rate', 'stickiness'],
    dau_social: ['social_engagement_rate'],
    dau_chemlink: [],
    dau_with_profile_updates: [],
    finder_active: [],
    standard_active: [],
    active_posters: ['posts_created'],
    active_commenters: ['comments_created'],
    active_voters: ['votes_cast'],
    active_collectors: ['collections_created'],
    wau_rolling: [],
    mau_rolling: [],
  },
  education_distribution: { users: ['schools'] },
  engagement_intensity: { users: ['avg_activities', 'avg_posts', 'avg_comments'] },
  // Whose a search is, is not known: there are no more people than searches.
  finder_metrics: { searches: [], voters: ['votes', 'searches_voted_on', 'vote_rate'], viewers: ['views'] },
  search_intents: { searches: ['share'] },
  geographic_distribution: { users: ['companies', 'share'] },
  mau_by_country: { mau: [] },
  monthly_metrics: {
    new_signups: [],
    total_users: [],
    mau: ['total_activities', 'avg_activities_per_user', 'avg_engagement_score', 'avg_dau'],
    mau_social: [],
    finder_mau: [],
    standard_mau: [],
    retained_users: ['retention_rate'],
    churned_users: ['churn_rate'],
    reactivated_users: [],
    new_active_users: [],
    completed_profiles: ['profile_completion_rate'],
  },
  weekly_metrics: {
    new_signups: [],
    total_users: [],
    wau: ['total_activities', 'avg_activities_per_user', 'avg_engagement_score', 'avg_dau'],
    wau_social: [],
    finder_wau: [],
    standard_wau: [],
    retained_users: ['retention_rate'],
    churned_users: ['churn_rate'],
    reactivated_users: [],
    new_active_users: [],
  },
  post_metrics: { posters: ['posts', 'posts_per_poster'], commenters: ['comments', 'comments_per_post'] },
  profile_metrics: { users: ['share'] },
  top_companies: { users: [], people_with_experience: ['experiences'] },
  top_posts: { commenters: ['comments', 'score'] },
  top_projects: { people: ['experiences'] },
  top_roles: { users: ['companies', 'experiences'] },
  user_segmentation: { users: ['share'] },
};

// Events and shares that count in history, and whose they are.
const doers = `
  with history as (
    select events.*, lower(votes.vote_type) as vote_type
    from core.user_activity_events as events
    join core.unified_users as users on users.user_key = events.user_key
    left join staging.vote_facts as votes on votes.source_id = events.source_id and events.activity_type = 'vote'
    where not users.is_test_account and (users.deleted_at is null or events.activity_at < users.deleted_at)
  )
  select grain || '/' || date_trunc(grain, activity_date::timestamp)::date || '/' || deed as key, count(distinct user_key) as people
  from history
  cross join lateral (
    values
    (activity_type),
    (case when activity_type = 'post' then 'post ' || (metadata ->> 'content_type') end),
    (case when activity_type = 'collection' then 'collection ' || lower(coalesce(metadata ->> 'privacy', 'unset')) end),
    (vote_type)
  ) as deeds (deed)
  cross join (values ('day'), ('week'), ('month')) as grains (grain)
  where deed is not null
  group by 1
  union all
  select 'month/' || date_trunc('month', shares.shared_at at time zone 'UTC')::date || '/share', count(distinct shares.user_key)
  from staging.collection_shares as shares
  join core.unified_users as users on users.user_key = shares.user_key
  where not users.is_test_account and (users.deleted_at is null or shares.shared_at < users.deleted_at)
  group by 1
  union all
  select 'now/' || coalesce(shares.access_type, 'Not set') || '/share', count(distinct shares.user_key)
  from staging.collection_shares as shares
  join core.unified_users as users on users.user_key = shares.user_key
  where users.is_real_account
  group by 1`;

const types = ['post', 'comment', 'group_join', 'vote', 'collection', 'collection_add', 'view', 'profile_update'];

/** Columns about people whom no column counts: what those people did, by table and grain. */
const deeds: readonly (readonly [Table, string, Readonly<Record<string, string>>])[] = [
  ['monthly_metrics', 'month', Object.fromEntries(types.map((type) => [`${type}_count`, type]))],
  ['weekly_metrics', 'week', Object.fromEntries(types.map((type) => [`${type}_count`, type]))],
  ['daily_metrics', 'day', { views_given: 'view', profile_updates: 'profile_update' }],
  [
    'post_metrics',
    'day',
    Object.fromEntries(['text', 'link', 'image', 'file', 'job'].map((kind) => [`${kind}_posts`, `post ${kind}`])),
  ],
  [
    'collection_metrics',
    'month',
    {
      public_collections: 'collection public',
      private_collections: 'collection private',
      unset_collections: 'collection unset',
      profiles_added: 'collection_add',
      shares: 'share',
      shared_collections: 'share',
    },
  ],
  ['collection_sharing', 'now', { shares: 'share', collections: 'share' }],
  ['finder_metrics', 'month', { upvotes: 'upvote', downvotes: 'downvote' }],
];

const firstKey = (row: Row): string => Object.values(row)[0] ?? '';

/** Counts the people behind the cells: from the aggregates while everything is told, and from core where no column counts them. */
export async function peopleBehind(warehouse: WarehouseUnderTest, truth: Aggregates): Promise<People> {
  const people = new Map<string, number>();
  for (const [table, columns] of Object.entries(groups) as [Table, Record<string, readonly string[]>][]) {
    for (const row of truth.rows[table]) {
      for (const [column, about] of Object.entries(columns)) {
        const number = Number(row[column]);
        for (const name of [column, ...about].map((other) => cell(table, row, other))) {
          const before = people.get(name) ?? 0;
          people.set(name, before === 0 || (number > 0 && number < before) ? number : before);
        }
      }
    }
  }
  const rows = await withDatabase(warehouse.analytics, (ask) => ask(doers));
  const found = new Map(rows.map((row) => [row['key'], Number(row['people'])]));
  for (const [table, grain, columns] of deeds) {
    for (const row of truth.rows[table]) {
      for (const [column, deed] of Object.entries(columns))
        people.set(cell(table, row, column), found.get(`${grain}/${firstKey(row)}/${deed}`) ?? 0);
    }
  }
  return people;
}
