-- How many people signed up each month, and how fast do we grow?

-- aggregate
select metric_month, new_signups, signup_growth_rate, total_users, user_growth_rate
from aggregates.monthly_metrics
order by metric_month

-- raw
with members as (
  select
    date_trunc('month', signup_at at time zone 'UTC')::date as joined,
    date_trunc('month', deleted_at at time zone 'UTC')::date as left_in
  from raw.people
  where deleted_at is null or deleted_at > signup_at
),
signups as (select joined as month, count(*) as people from members group by 1),
deletions as (select left_in as month, count(*) as people from members where left_in is not null group by 1),
counted as (
  select
    months.month,
    months.is_complete,
    coalesce(signups.people, 0) as new_signups,
    sum(coalesce(signups.people, 0) - coalesce(deletions.people, 0)) over (order by months.month) as total_users
  from raw.months
  left join signups on signups.month = months.month
  left join deletions on deletions.month = months.month
),
compared as (
  select
    counted.*,
    lag(new_signups) over (order by month) as signups_before,
    lag(total_users) over (order by month) as total_before
  from counted
)
select
  month,
  new_signups,
  case when is_complete then (new_signups - signups_before) * 100.0 / nullif(signups_before, 0) end::numeric(12, 2),
  total_users::bigint,
  case when is_complete then (total_users - total_before) * 100.0 / nullif(total_before, 0) end::numeric(12, 2)
from compared
order by month
