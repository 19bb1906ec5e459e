-- How many people were active each month, by anything they do?

-- aggregate
select metric_month, mau
from aggregates.monthly_metrics
order by metric_month

-- raw
with active as (
  select date_trunc('month', activity.at at time zone 'UTC')::date as month, count(distinct activity.person) as people
  from raw.activity as activity
  join raw.people on people.id = activity.person
  where people.deleted_at is null or activity.at < people.deleted_at
  group by 1
)
select months.month, coalesce(active.people, 0)
from raw.months
left join active on active.month = months.month
order by months.month
