{{ config(
    materialized='incremental',
    incremental_strategy='changes',
    unique_key=['user_key', 'event_order'],
    meta={'changes': {'listed': 'changed_users', 'by': ['user_key']}},
    on_schema_change='sync_all_columns',
    post_hook="{{ note_what_is_built() }}",
    indexes=[
      {'columns': ['user_key', 'event_order'], 'unique': true},
      {'columns': ['event_type', 'event_at']}
    ]
) }}
-- depends_on: {{ ref('changed_users') }}, {{ ref('change_window') }}

with accounts as (

  select
    accounts.user_key,
    accounts.chemlink_id,
    accounts.signup_at,
    accounts.deleted_at,
    -- A silence that still lasts is known up to here.
    least(moment.as_of, accounts.deleted_at) as known_until
  from {{ ref('accounts') }} as accounts
  cross join {{ ref('as_of') }} as moment
  {% if looks_at_changes() -%}
  where accounts.user_key in (select user_key from {{ ref('changed_users') }})
  {%- endif %}

),

-- The first of each type from sign-up on, if the account was still there.
firsts as (

  select
    events.user_key,
    events.event_id,
    events.activity_type,
    events.activity_at
  from {{ ref('user_activity_events') }} as events
  join accounts on accounts.user_key = events.user_key
  where events.is_activity
    and events.is_first_of_type
    and (accounts.deleted_at is null or events.activity_at < accounts.deleted_at)

),

-- A silence of a month has no day in it with an activity: of each day the first and the last are enough.
active_days as (

  select
    days.user_key,
    days.first_activity_at,
    days.last_activity_at
  from {{ ref('user_days') }} as days
  join accounts on accounts.user_key = days.user_key
  where days.activities_from_signup > 0

),

signups as (

  select user_key, 'signup' as event_type, signup_at as event_at from accounts

),

deletions as (

  select user_key, 'account_deleted' as event_type, deleted_at as event_at from accounts where deleted_at is not null

),

{% for table, record in [('experiences', 'experience'), ('education', 'education')] -%}
first_{{ record }} as (

  select
    {{ table }}.person_id as chemlink_id,
    min({{ table }}.created_at) as created_at
  from {{ source('chemlink', table) }} as {{ table }}
  cross join {{ ref('as_of') }} as moment
  where {{ is_there(table, 'moment.as_of') }}
  group by {{ table }}.person_id

),

{% endfor -%}
-- The person's own columns give at most 65: 70 is reached with the first experience, the first education, or the later of both, whichever suffices first.
profile_scores as (

  select
    accounts.user_key,
    {{ person_columns_score('persons') }} as person_columns_score,
    greatest(accounts.signup_at, first_experience.created_at) as experience_at,
    greatest(accounts.signup_at, first_education.created_at) as education_at,
    first_experience.created_at is not null as has_experience,
    first_education.created_at is not null as has_education
  from accounts
  join {{ source('chemlink', 'persons') }} as persons on persons.id = accounts.chemlink_id
  left join first_experience on first_experience.chemlink_id = accounts.chemlink_id
  left join first_education on first_education.chemlink_id = accounts.chemlink_id

),

completions as (

  select
    user_key,
    'profile_completed' as event_type,
    least(
      case when has_experience and person_columns_score + {{ experience_score() }} >= 70 then experience_at end,
      case when has_education and person_columns_score + {{ education_score() }} >= 70 then education_at end,
      case
        when has_experience and has_education and person_columns_score + {{ experience_score() }} + {{ education_score() }} >= 70
          then greatest(experience_at, education_at)
      end
    ) as event_at
  from profile_scores

),

first_activities as (

  select user_key, 'first_activity' as event_type, min(activity_at) as event_at
  from firsts
  group by user_key

),

firsts_of_type as (

  select
    user_key,
    'first_' || activity_type as event_type,
    activity_at as event_at,
    event_id
  from firsts

),

activations as (

  select user_key, 'activated' as event_type, min(activity_at) as event_at
  from firsts
  where {{ is_activating('activity_type') }}
  group by user_key

),

-- What ends a silence and begins the next one; sign-up begins the first.
signs_of_life as (

  select user_key, signup_at as seen_at, signup_at as last_seen_at from accounts where signup_at <= known_until
  union all
  select user_key, first_activity_at, last_activity_at from active_days

),

silences as (

  select
    user_key,
    -- A local day can begin within the one before, where clocks are put back across midnight.
    max(last_seen_at) over (user_life rows unbounded preceding) as silent_since,
    lead(seen_at) over user_life as active_again_at
  from signs_of_life
  window user_life as (partition by user_key order by seen_at, last_seen_at)

),

silence_events as (

  select user_key, 'reactivated' as event_type, active_again_at as event_at
  from silences
  where active_again_at > silent_since + {{ n_days(30) }}

  {% for event_type, length in [('dormant', 30), ('churned', 90)] -%}
  union all

  select silences.user_key, '{{ event_type }}' as event_type, silences.silent_since + {{ n_days(length) }} as event_at
  from silences
  join accounts on accounts.user_key = silences.user_key
  where coalesce(silences.active_again_at, accounts.known_until) > silences.silent_since + {{ n_days(length) }}

  {% endfor %}
),

journey as (

  {% for events in ['signups', 'completions', 'first_activities', 'activations', 'silence_events', 'deletions'] -%}
  select user_key, event_type, event_at, null::text as event_id from {{ events }}
  union all
  {% endfor -%}
  select user_key, event_type, event_at, event_id from firsts_of_type

),

ordered as (

  select
    journey.user_key,
    journey.event_type,
    journey.event_at,
    accounts.signup_at,
    row_number() over user_journey as event_order,
    lag(journey.event_at) over user_journey as previous_event_at
  from journey
  join accounts on accounts.user_key = journey.user_key
  where journey.event_at is not null
    -- Nothing comes after the account's deletion.
    and (accounts.deleted_at is null or journey.event_at <= accounts.deleted_at)
  window user_journey as (
    partition by journey.user_key
    order by
      journey.event_at,
      case
        when journey.event_type = 'signup' then 1
        when journey.event_type = 'profile_completed' then 2
        when journey.event_type = 'first_activity' then 3
        when journey.event_id is not null then 4
        when journey.event_type = 'activated' then 5
        when journey.event_type = 'reactivated' then 6
        when journey.event_type = 'dormant' then 7
        when journey.event_type = 'churned' then 8
        when journey.event_type = 'account_deleted' then 9
      end,
      journey.event_id collate "C"
  )

)

select
  user_key,
  event_type,
  event_at,
  event_order::int as event_order,
  {{ local_date('event_at') }} - {{ local_date('signup_at') }} as days_since_signup,
  {{ local_date('event_at') }} - {{ local_date('previous_event_at') }} as days_since_previous
from ordered
