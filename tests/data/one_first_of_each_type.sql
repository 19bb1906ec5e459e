-- Who has an event of a type from sign-up on has exactly one first, and it is the earliest.
select
  events.user_key,
  events.activity_type
from {{ ref('user_activity_events') }} as events
join {{ ref('unified_users') }} as users on users.user_key = events.user_key
where events.activity_at >= users.signup_date
group by events.user_key, events.activity_type
having count(*) filter (where events.is_first_of_type) <> 1
  or min(events.activity_at) <> min(events.activity_at) filter (where events.is_first_of_type)
