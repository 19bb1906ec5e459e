-- How many people posted or commented each day?

-- aggregate
select metric_date, dau_social
from aggregates.daily_metrics
order by metric_date

-- raw
with active as (
  select (activity.at at time zone 'UTC')::date as day, count(distinct activity.person) as people
  from raw.social_activity as activity
  join raw.people on people.id = activity.person
  where people.deleted_at is null or activity.at < people.deleted_at
  group by 1
)
select days.day, coalesce(active.people, 0)
from raw.days
left join active on active.day = days.day
order by days.day
