-- An undeleted activity up to as_of is somebody's event or an orphan, never both and never neither.
select activities.event_id
from {{ ref('activities') }} as activities
cross join {{ ref('as_of') }} as moment
left join {{ ref('user_activity_events') }} as events on events.event_id = activities.event_id
left join {{ ref('orphaned_records') }} as orphans
  on orphans.source_database = activities.source_database
  and orphans.source_table = activities.source_table
  and orphans.source_id = activities.source_id
where activities.is_activity
  and activities.activity_at <= moment.as_of
  and (activities.deleted_at is null or activities.deleted_at > moment.as_of)
  and (events.event_id is null) = (orphans.source_id is null)
