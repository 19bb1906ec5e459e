{# What counts as activity: the columns of an event, from each table that has some (models/staging/activities.sql). #}

{% macro activity_sources() -%}
  {{ return([
    {'type': 'post', 'source': 'engagement', 'table': 'posts', 'person': 'person_id',
     'metadata': "'content_type', activity.type::text, 'group_id', activity.group_id"},
    {'type': 'comment', 'source': 'engagement', 'table': 'comments', 'person': 'person_id',
     'metadata': "'post_id', activity.post_id, 'parent_comment_id', activity.parent_comment_id"},
    {'type': 'group_join', 'source': 'engagement', 'table': 'group_members', 'person': 'person_id',
     'metadata': "'group_id', activity.group_id, 'is_confirmed', activity.confirmed_at is not null"},
    {'type': 'vote', 'source': 'chemlink', 'table': 'query_votes', 'person': 'voter_id',
     'metadata': "'vote_type', activity.type::text"},
    {'type': 'collection', 'source': 'chemlink', 'table': 'collections', 'person': 'person_id',
     'metadata': "'privacy', activity.privacy::text"},
    {'type': 'collection_add', 'source': 'chemlink', 'table': 'collection_profiles', 'person': 'added_by',
     'metadata': "'collection_id', activity.collection_id"},
    {'type': 'view', 'source': 'chemlink', 'table': 'view_access', 'person': 'person_id',
     'metadata': "'view_type', activity.type::text"}
  ]) }}
{%- endmacro %}

{% macro activity_columns(activity) %}
  '{{ activity.source }}.{{ activity.table }}:' || activity.id as event_id,
  '{{ activity.type }}'::text as activity_type,
  true as is_activity,
  activity.created_at as activity_at,
  {{ deleted_at('activity') }} as deleted_at,
  '{{ activity.source }}'::text as source_database,
  '{{ activity.table }}'::text as source_table,
  activity.id::text as source_id,
  {% if activity.source == 'chemlink' -%}
  activity.{{ activity.person }} as chemlink_id,
  null::uuid as engagement_person_id,
  {% else -%}
  null::bigint as chemlink_id,
  activity.{{ activity.person }} as engagement_person_id,
  {% endif -%}
  jsonb_build_object({{ activity.metadata }}) as metadata
{%- endmacro %}

{% macro profile_update_columns(deleted_at) %}
  'chemlink.persons:' || updates.chemlink_id || ':'
    || to_char(updates.updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as event_id,
  'profile_update'::text as activity_type,
  false as is_activity,
  updates.updated_at as activity_at,
  {{ deleted_at }} as deleted_at,
  'chemlink'::text as source_database,
  'persons'::text as source_table,
  updates.chemlink_id::text as source_id,
  updates.chemlink_id,
  null::uuid as engagement_person_id,
  '{}'::jsonb as metadata
{%- endmacro %}

{% macro with_accounts(activities) -%}
{#- The activities of people who are there, each with its account's moments. -#}
select
  activities.event_id,
  accounts.user_key,
  activities.activity_type,
  activities.is_activity,
  activities.activity_at,
  -- Before its engagement account was there, the activity was nobody's.
  greatest(activities.activity_at, links.created_at) as known_from,
  activities.deleted_at,
  activities.source_database,
  activities.source_table,
  activities.source_id,
  activities.metadata,
  accounts.signup_at,
  accounts.deleted_at as account_deleted_at,
  accounts.is_test_account
from {{ activities }} as activities
left join {{ ref('engagement_links') }} as links on links.engagement_person_id = activities.engagement_person_id
join {{ ref('accounts') }} as accounts on accounts.chemlink_id = coalesce(activities.chemlink_id, links.chemlink_id)
{%- endmacro %}
