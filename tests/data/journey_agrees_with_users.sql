-- Firsts, activation and deletion are the same moments in the journey as in unified_users.
with journey as (

  select
    user_key,
    min(event_at) filter (where event_type = 'first_activity') as first_activity_at,
    min(event_at) filter (where event_type = 'first_post') as first_post_at,
    min(event_at) filter (where event_type = 'first_vote') as first_vote_at,
    min(event_at) filter (where event_type = 'activated') as activated_at,
    min(event_at) filter (where event_type = 'account_deleted') as deleted_at
  from {{ ref('user_journey_events') }}
  group by user_key

)

select users.user_key
from {{ ref('unified_users') }} as users
left join journey on journey.user_key = users.user_key
where users.first_activity_date is distinct from journey.first_activity_at
  or users.first_post_date is distinct from journey.first_post_at
  or users.first_vote_date is distinct from journey.first_vote_at
  or users.activated_at is distinct from journey.activated_at
  or users.deleted_at is distinct from journey.deleted_at
