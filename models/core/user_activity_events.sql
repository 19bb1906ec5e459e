{# Incremental by comparison: the whole list is computed as a set and only what differs from the published rows is written, so that rows committed
   late, deletions, re-linked accounts and a changed threshold or time zone give what a full refresh would. What is gone is deleted by the hook. #}
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='event_id',
    on_schema_change='fail',
    post_hook="{{ delete_gone_events() }}",
    indexes=[
      {'columns': ['event_id'], 'unique': true},
      {'columns': ['user_key', 'activity_at']},
      {'columns': ['activity_date', 'activity_type']}
    ]
) }}

with happened as (

  select
    activities.*,
    -- Firsts look from sign-up on.
    activities.activity_at >= activities.signup_at as is_from_signup
  from {{ ref('account_activities') }} as activities
  cross join {{ ref('as_of') }} as moment
  where {{ has_happened('activities', 'moment') }}

),

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
    event_id,
    user_key,
    activity_type,
    is_activity,
    activity_at,
    {{ local_date('activity_at') }} as activity_date,
    source_database,
    source_table,
    source_id,
    metadata,
    {{ local_date('activity_at') }} - {{ local_date('signup_at') }} as days_since_signup,
    is_from_signup and order_of_type = 1 as is_first_of_type
  from ordered

)

{% if is_incremental() -%}
{{ changed_events('events') }}
{%- else -%}
select * from events
{%- endif %}
