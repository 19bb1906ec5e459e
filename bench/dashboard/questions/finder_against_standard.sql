-- How many of those active each month have Finder, and how many do not?

-- aggregate
select metric_month, finder_mau, standard_mau
from aggregates.monthly_metrics
order by metric_month

-- raw
with active as (
  select
    date_trunc('month', activity.at at time zone 'UTC')::date as month,
    count(distinct activity.person) filter (where people.user_type = 'FINDER') as finder,
    count(distinct activity.person) filter (where people.user_type = 'STANDARD') as standard
  from raw.activity
  join raw.people on people.id = activity.person
  where people.deleted_at is null or activity.at < people.deleted_at
  group by 1
)
select months.month, coalesce(active.finder, 0), coalesce(active.standard, 0)
from raw.months
left join active on active.month = months.month
order by months.month
