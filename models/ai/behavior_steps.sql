{# Every activity of the accounts that are real at as_of, in order, each with the one that follows it. #}
{{ config(materialized='ephemeral') }}

select
  events.user_key,
  moment.as_of_date as observed_on,
  events.activity_type,
  row_number() over user_activities as step,
  lead(events.activity_type) over user_activities as next_type,
  extract(epoch from lead(events.activity_at) over user_activities - events.activity_at) / 3600 as hours_to_next
from {{ ref('user_activity_events') }} as events
join {{ ref('accounts') }} as accounts on accounts.user_key = events.user_key
cross join {{ ref('as_of') }} as moment
where events.is_activity
  -- Training data look at activity from sign-up on.
  and events.activity_at >= accounts.signup_at
  and accounts.deleted_at is null
  and not accounts.is_test_account
window user_activities as (partition by events.user_key order by events.activity_at, events.event_id collate "C")
