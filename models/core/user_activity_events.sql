{# Incremental: of the accounts that anything has changed about, the whole list is computed anew, and what differs from the published rows is
   written, so that rows committed late, deletions and re-linked accounts give what a full refresh would. Where something else than rows has
   changed (a definition, the time zone, the threshold of bulk imports, as_of backwards), it is the list of everybody that is compared. #}
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='event_id',
    on_schema_change='fail',
    post_hook=["{{ delete_gone_events() }}", "{{ note_what_is_built() }}"],
    indexes=[
      {'columns': ['event_id'], 'unique': true},
      {'columns': ['user_key', 'activity_at']},
      {'columns': ['activity_date', 'activity_type']}
    ]
) }}
-- depends_on: {{ ref('changed_accounts') }}

{%- set by_account = is_by_account() %}

with {% if by_account -%}
activities as (

  {{ activity_rows(ref('changed_accounts')) }}

),

account_activities as (

  {{ with_accounts('activities') }}

),

{% endif -%}
happened as (

  select
    activities.*,
    -- Firsts look from sign-up on.
    activities.activity_at >= activities.signup_at as is_from_signup
  from {{ 'account_activities' if by_account else ref('account_activities') }} as activities
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
