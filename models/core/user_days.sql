{# What each user did on each local day: the fold of the events that everything about users and periods counts, so that the events are read once,
   and of a run's increment only the days on which something may have changed. #}
{{ config(
    materialized='incremental',
    incremental_strategy='changes',
    unique_key=['user_key', 'activity_date', 'is_after_deletion'],
    meta={'changes': {'listed': 'changed_days', 'by': ['user_key', 'activity_date']}},
    on_schema_change='sync_all_columns',
    post_hook="{{ note_what_is_built() }}",
    indexes=[{'columns': ['user_key', 'activity_date', 'is_after_deletion'], 'unique': true}]
) }}
-- depends_on: {{ ref('changed_days') }}, {{ ref('change_window') }}

with events as (

  select
    events.*,
    -- It counts for the user, and nowhere else.
    accounts.deleted_at is not null and events.activity_at >= accounts.deleted_at as is_after_deletion,
    events.is_activity
    and events.activity_at >= accounts.signup_at
    and (accounts.deleted_at is null or events.activity_at < accounts.deleted_at) as is_of_the_account
  from {{ ref('user_activity_events') }} as events
  {% if looks_at_changes() -%}
  join {{ ref('changed_days') }} as changed
    on changed.activity_date = events.activity_date
    and changed.user_key = events.user_key
  {% endif -%}
  join {{ ref('accounts') }} as accounts on accounts.user_key = events.user_key

)

select
  user_key,
  activity_date,
  is_after_deletion,
  {% for type in activity_types() + ['profile_update'] -%}
  count(*) filter (where activity_type = '{{ type }}') as {{ type }}_count,
  {% endfor -%}
  count(*) filter (where is_activity) as total_activities,
  count(*) filter (where {{ is_activating('activity_type') }}) as activating_count,
  -- Firsts and lasts look from sign-up on, up to the account's deletion.
  count(*) filter (where is_of_the_account) as activities_from_signup,
  min(activity_at) filter (where is_of_the_account) as first_activity_at,
  max(activity_at) filter (where is_of_the_account) as last_activity_at,
  min(activity_at) filter (where is_of_the_account and activity_type = 'post') as first_post_at,
  min(activity_at) filter (where is_of_the_account and activity_type = 'vote') as first_vote_at,
  min(activity_at) filter (where is_of_the_account and {{ is_activating('activity_type') }}) as first_activating_at
from events
group by user_key, activity_date, is_after_deletion
