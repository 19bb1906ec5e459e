{# The events that count in history: of people who are no test accounts, until their account is deleted, be it before their sign-up.
   What a month looked like does not change when somebody leaves later. #}
{{ config(materialized='ephemeral') }}

select
  events.user_key,
  users.user_type,
  {{ local_month('users.signup_date') }} as cohort_month,
  {{ local_date('users.signup_date') }} as signup_on,
  events.activity_type,
  events.is_activity,
  events.source_database,
  events.source_id,
  events.metadata,
  events.activity_date,
  events.activity_at >= users.signup_date as is_from_signup
from {{ ref('user_activity_events') }} as events
join {{ ref('unified_users') }} as users on users.user_key = events.user_key
where not users.is_test_account
  and (users.deleted_at is null or events.activity_at < users.deleted_at)
