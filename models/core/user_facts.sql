{# Everything about a user but what changes as time goes by (core.unified_users adds that): only the rows of users whose data have changed are written. #}
{{ config(
    materialized='incremental',
    incremental_strategy='changes',
    unique_key='chemlink_id',
    meta={'changes': {'listed': 'changed_users', 'by': ['chemlink_id']}},
    on_schema_change='sync_all_columns',
    post_hook="{{ note_what_is_built() }}",
    indexes=[
      {'columns': ['user_key'], 'unique': true},
      {'columns': ['chemlink_id'], 'unique': true},
      {'columns': ['engagement_person_id']},
      {'columns': ['signup_date']},
      {'columns': ['user_type', 'engagement_level']}
    ]
) }}
-- depends_on: {{ ref('changed_users') }}, {{ ref('change_window') }}

{%- set by_change = looks_at_changes() %}

with persons as (

  select
    accounts.user_key,
    accounts.chemlink_id,
    accounts.engagement_person_id,
    accounts.engagement_account_created_at,
    accounts.signup_at,
    accounts.deleted_at,
    accounts.is_test_account,
    {{ blank_to_null('source.email') }} as email,
    {{ blank_to_null('locations.country') }} as country,
    source.company_id,
    source.role_id,
    coalesce(source.has_finder, false) as has_finder,
    {{ person_columns_score('source') }} as person_columns_score,
    source.created_at,
    source.updated_at
  from {{ ref('accounts') }} as accounts
  cross join {{ ref('as_of') }} as moment
  join {{ source('chemlink', 'persons') }} as source on source.id = accounts.chemlink_id
  left join {{ source('chemlink', 'locations') }} as locations
    on locations.id = source.location_id
    and locations.created_at <= moment.as_of
  {% if by_change -%}
  where accounts.chemlink_id in (select chemlink_id from {{ ref('changed_users') }})
  {%- endif %}

),

{% for table, records in [('experiences', 'experience'), ('education', 'education'), ('person_languages', 'language')] -%}
{{ records }}_counts as (

  select
    {{ table }}.person_id as chemlink_id,
    count(*) as {{ records }}_count
  from {{ source('chemlink', table) }} as {{ table }}
  cross join {{ ref('as_of') }} as moment
  where {{ is_there(table, 'moment.as_of') }}
  {%- if by_change %}
    and {{ table }}.person_id in (select chemlink_id from {{ ref('changed_users') }})
  {%- endif %}
  group by {{ table }}.person_id

),

{% endfor -%}
mention_counts as (

  select
    mentions.mentioned_person_id as engagement_person_id,
    count(*) as mentions_received
  from {{ source('engagement', 'mentions') }} as mentions
  cross join {{ ref('as_of') }} as moment
  where {{ is_there('mentions', 'moment.as_of') }}
  {%- if by_change %}
    and mentions.mentioned_person_id in (select engagement_person_id from persons)
  {%- endif %}
  group by mentions.mentioned_person_id

),

-- Counts and the score know every activity; firsts, the last and activation only those from sign-up on and before the account's deletion.
activity as (

  select
    days.user_key,
    sum(days.post_count)::bigint as posts_created,
    sum(days.comment_count)::bigint as comments_made,
    sum(days.vote_count)::bigint as votes_cast,
    sum(days.collection_count)::bigint as collections_created,
    sum(days.collection_add_count)::bigint as collection_adds,
    sum(days.group_join_count)::bigint as groups_joined,
    sum(days.view_count)::bigint as views_given,
    sum(days.profile_update_count)::bigint as profile_updates,
    sum(days.total_activities)::bigint as activities,
    sum(days.activating_count)::bigint as activating,
    min(days.first_activity_at) as first_activity_at,
    max(days.last_activity_at) as last_activity_at,
    min(days.first_post_at) as first_post_at,
    min(days.first_vote_at) as first_vote_at,
    min(days.first_activating_at) as activated_at
  from {{ ref('user_days') }} as days
  {% if by_change -%}
  where days.user_key in (select user_key from persons)
  {% endif -%}
  group by days.user_key

),

counted as (

  select
    persons.*,
    coalesce(experience_counts.experience_count, 0) as experience_count,
    coalesce(education_counts.education_count, 0) as education_count,
    coalesce(language_counts.language_count, 0) as language_count,
    coalesce(activity.posts_created, 0) as posts_created,
    coalesce(activity.comments_made, 0) as comments_made,
    coalesce(activity.votes_cast, 0) as votes_cast,
    coalesce(activity.collections_created, 0) as collections_created,
    coalesce(activity.collection_adds, 0) as collection_adds,
    coalesce(mention_counts.mentions_received, 0) as mentions_received,
    coalesce(activity.groups_joined, 0) as groups_joined,
    coalesce(activity.views_given, 0) as views_given,
    coalesce(activity.profile_updates, 0) as profile_updates,
    coalesce(activity.activities, 0) as activities,
    coalesce(activity.activating, 0) as activating,
    activity.first_activity_at,
    activity.last_activity_at,
    activity.first_post_at,
    activity.first_vote_at,
    activity.activated_at
  from persons
  left join experience_counts on experience_counts.chemlink_id = persons.chemlink_id
  left join education_counts on education_counts.chemlink_id = persons.chemlink_id
  left join language_counts on language_counts.chemlink_id = persons.chemlink_id
  left join mention_counts on mention_counts.engagement_person_id = persons.engagement_person_id
  left join activity on activity.user_key = persons.user_key

),

scored as (

  select
    counted.*,
    (
      person_columns_score
      + case when experience_count > 0 then {{ experience_score() }} else 0 end
      + case when education_count > 0 then {{ education_score() }} else 0 end
    ) as profile_completion_score,
    {{ engagement_score('posts_created', 'comments_made', 'votes_cast', 'collections_created') }} as engagement_score
  from counted

)

select
  scored.user_key,
  scored.chemlink_id,
  scored.engagement_person_id,
  {{ keyed_hash('lower(scored.email)') }} as email_hash,
  {{ email_domain('scored.email') }} as email_domain,
  scored.country::text as country,
  scored.company_id,
  scored.role_id,
  scored.has_finder,
  case when scored.has_finder then 'FINDER' else 'STANDARD' end as user_type,
  scored.experience_count,
  scored.education_count,
  scored.language_count,
  scored.profile_completion_score,
  scored.posts_created,
  scored.comments_made,
  scored.votes_cast,
  scored.collections_created,
  scored.collection_adds,
  scored.mentions_received,
  scored.groups_joined,
  scored.views_given,
  scored.engagement_score::int as engagement_score,
  {{ engagement_level('scored.engagement_score', 'scored.activating', 'scored.activities') }} as engagement_level,
  scored.profile_updates::int as profile_updates,
  scored.signup_at as signup_date,
  scored.first_activity_at as first_activity_date,
  scored.last_activity_at as last_activity_date,
  scored.first_post_at as first_post_date,
  scored.first_vote_at as first_vote_date,
  {{ local_date('scored.first_activity_at') }} - {{ local_date('scored.signup_at') }} as days_to_first_activity,
  scored.activated_at is not null as is_activated,
  scored.activated_at,
  scored.is_test_account,
  scored.deleted_at is not null as is_deleted,
  not scored.is_test_account and scored.deleted_at is null as is_real_account,
  scored.created_at,
  scored.updated_at,
  scored.deleted_at,
  scored.engagement_account_created_at
from scored
