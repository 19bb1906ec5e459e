-- The stage at as_of is the end of the journey: who is CHURNED and not deleted has had the 90th silent day, who is not has not.
with last_silence as (

  select
    user_key,
    max(event_at) filter (where event_type = 'churned') as churned_at
  from {{ ref('user_journey_events') }}
  group by user_key

)

select users.user_key
from {{ ref('unified_users') }} as users
left join last_silence on last_silence.user_key = users.user_key
where not users.is_deleted
  and (users.user_lifecycle_stage = 'CHURNED')
    <> coalesce(last_silence.churned_at > coalesce(users.last_activity_date, users.signup_date), false)
