-- Each real account is in user_engagement_levels once, under its own hash, with what its events say.
with events as (

  select
    events.user_key,
    count(*) as total_activities,
    max(events.activity_date) filter (
      where events.activity_at >= users.signup_date
        and coalesce(events.activity_at < users.deleted_at, true)
    ) as last_activity_date
  from {{ ref('user_activity_events') }} as events
  join {{ ref('unified_users') }} as users on users.user_key = events.user_key
  where events.activity_type <> 'profile_update'
  group by events.user_key

),

expected as (

  select
    {{ keyed_hash('users.user_key') }} as user_id,
    users.engagement_score,
    users.engagement_level,
    coalesce(events.total_activities, 0) as total_activities,
    events.last_activity_date,
    moment.as_of_date - events.last_activity_date as days_since_last_activity,
    case when users.has_finder then 'FINDER' else 'STANDARD' end as user_type
  from {{ ref('unified_users') }} as users
  cross join {{ ref('as_of') }} as moment
  left join events on events.user_key = users.user_key
  where users.is_test_account is false
    and users.deleted_at is null

)

{{ rows_that_differ('expected', ref('user_engagement_levels')) }}
