-- A user's month is the events of that month, counted one by one: of no test account, until the account's deletion.
with expected as (

  select
    events.user_key,
    users.user_type,
    {{ local_month('events.activity_at') }} as metric_month,
    {% for type in activity_types() + ['profile_update'] -%}
    sum((events.activity_type = '{{ type }}')::int) as {{ type }}_count,
    {% endfor -%}
    sum(events.is_activity::int) as total_activities,
    sum((events.activity_type in ('post', 'comment', 'vote', 'collection'))::int) as activating_count,
    -- A day is in the series of days or it is none.
    count(distinct case when events.is_activity then days.metric_date end) as active_days
  from {{ ref('user_activity_events') }} as events
  join {{ ref('unified_users') }} as users on users.user_key = events.user_key
  left join {{ ref('daily_metrics') }} as days on days.metric_date = events.activity_date
  where users.is_test_account is false
    and coalesce(events.activity_at < users.deleted_at, true)
  group by 1, 2, 3

)

{{ rows_that_differ('expected', ref('user_months')) }}
