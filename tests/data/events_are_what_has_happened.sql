-- The incremental events are those of the whole computation: none is left that was deleted or re-linked, none is missing.
select coalesce(events.event_id, current_events.event_id) as event_id
from {{ ref('user_activity_events') }} as events
full join (
  select activities.event_id, activities.user_key
  from {{ ref('account_activities') }} as activities
  cross join {{ ref('as_of') }} as moment
  where {{ has_happened('activities', 'moment') }}
) as current_events
  on current_events.event_id = events.event_id
  and current_events.user_key = events.user_key
where events.event_id is null
  or current_events.event_id is null
