-- A sequence has the activities of a real account from sign-up on, each type as often; who has done something has one, and nobody else.
with expected as (

  select
    {{ keyed_hash('users.user_key') }} as example_id,
    array_agg(events.activity_type::text order by events.activity_type) as activity_types,
    round(extract(epoch from max(events.activity_at) - min(events.activity_at)) / 3600, 2) as hours
  from {{ ref('unified_users') }} as users
  join {{ ref('user_activity_events') }} as events on events.user_key = users.user_key
  where users.is_real_account
    and events.is_activity
    and events.activity_at >= users.signup_date
  group by users.user_key

)

select coalesce(expected.example_id, sequences.example_id) as example_id
from expected
full join {{ ref('behavior_sequences') }} as sequences on sequences.example_id = expected.example_id
where expected.example_id is null
  or sequences.example_id is null
  or expected.activity_types <> (select array_agg(activity_type order by activity_type) from unnest(sequences.activity_types) as activity_type)
  -- Each step is rounded by itself.
  or abs(expected.hours - coalesce((select sum(hours) from unnest(sequences.hours_between) as hours), 0))
    > 0.005 * cardinality(sequences.activity_types)
