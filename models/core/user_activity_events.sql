{# Incremental: of the activities that may have changed, and of the firsts that these make or unmake, what differs from the published rows is written,
   so that rows committed late, deletions and re-linked accounts give what a full refresh would. Where something else than rows has changed (a
   definition, the time zone, the threshold of bulk imports, as_of backwards), all are computed and compared. #}
{{ config(
    materialized='incremental',
    incremental_strategy='changes',
    meta={'changes': {'listed': 'changed_activities', 'by': ['event_id']}},
    unique_key='event_id',
    on_schema_change='sync_all_columns',
    post_hook="{{ note_what_is_built() }}",
    indexes=[
      {'columns': ['event_id'], 'unique': true},
      {'columns': ['user_key', 'activity_type', 'activity_at']},
      {'columns': ['activity_date', 'user_key']}
    ]
) }}
-- depends_on: {{ ref('account_activities') }}, {{ ref('changed_activities') }}, {{ ref('changed_days') }}, {{ ref('change_window') }}, {{ ref('accounts') }}, {{ ref('engagement_links') }}

{%- set by_change = looks_at_changes() %}

with {% if by_change -%}
changed_activities as (

  {{ with_accounts(ref('changed_activities')) }}

),

{% endif -%}
happened as (

  select
    activities.*,
    -- Firsts look from sign-up on.
    activities.activity_at >= activities.signup_at as is_from_signup
  from {{ 'changed_activities' if by_change else ref('account_activities') }} as activities
  cross join {{ ref('as_of') }} as moment
  where {{ has_happened('activities', 'moment') }}

),

{% if by_change -%}
standing as not materialized (

  -- The published events that are not looked at anew.
  select published.*
  from {{ this }} as published
  where not exists (select 1 from {{ ref('changed_activities') }} as changed where changed.event_id = published.event_id)

),

changed_types as (

  -- Whose first of which type may be another one now.
  select user_key, activity_type from happened
  union
  select published.user_key, published.activity_type
  from {{ this }} as published
  join {{ ref('changed_activities') }} as changed on changed.event_id = published.event_id

),

candidates as (

  select changed_types.user_key, changed_types.activity_type, standing.event_id, standing.activity_at
  from changed_types
  join {{ ref('accounts') }} as accounts on accounts.user_key = changed_types.user_key
  -- By the index, one probe each: reading all events of these accounts would be reading most of the table, for a few people do most.
  cross join lateral (
    select standing.event_id, standing.activity_at
    from standing
    where standing.user_key = changed_types.user_key
      and standing.activity_type = changed_types.activity_type
      and standing.activity_at >= accounts.signup_at
    order by standing.activity_at, standing.event_id collate "C"
    limit 1
  ) as standing

  union all

  select user_key, activity_type, event_id, activity_at
  from happened
  where is_from_signup

),

firsts as (

  select distinct on (user_key, activity_type) user_key, activity_type, event_id
  from candidates
  order by user_key, activity_type, activity_at, event_id collate "C"

),

events as (

  select
    {{ event_row('event_id in (select event_id from firsts)') }}
  from happened

  union all

  -- Those that were first of their type, and those that are it now.
  select
    {% for column in event_columns()[:-1] -%}
    standing.{{ column }},
    {% endfor -%}
    false as is_first_of_type
  from standing
  join firsts
    on firsts.user_key = standing.user_key
    and firsts.activity_type = standing.activity_type
  where standing.is_first_of_type
    and firsts.event_id <> standing.event_id

  union all

  select
    {% for column in event_columns()[:-1] -%}
    standing.{{ column }},
    {% endfor -%}
    true as is_first_of_type
  from standing
  join firsts on firsts.event_id = standing.event_id
  where not standing.is_first_of_type

)
{%- else -%}
ordered as (

  select
    happened.*,
    row_number() over (
      partition by user_key, activity_type, is_from_signup
      order by activity_at, event_id collate "C"
    ) as order_of_type
  from happened

),

events as (

  select
    {{ event_row('is_from_signup and order_of_type = 1') }}
  from ordered

)
{%- endif %}

select * from events
