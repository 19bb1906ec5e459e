-- What did the active do each month?

-- aggregate
select metric_month, activity_type, unique_users, total_activities, share_of_users
from aggregates.activity_by_type
order by metric_month, activity_type

-- raw
with user_months as (
  select
    date_trunc('month', activity.at at time zone 'UTC')::date as month,
    activity.person,
    activity.type,
    count(*) as activities
  from raw.activity
  join raw.people on people.id = activity.person
  where people.deleted_at is null or activity.at < people.deleted_at
  group by 1, 2, 3
),
active as (select month, count(distinct person) as people from user_months group by month)
select
  months.month,
  user_months.type,
  count(*),
  sum(user_months.activities)::bigint,
  (count(*) * 100.0 / active.people)::numeric(12, 2)
from user_months
join raw.months on months.month = user_months.month
join active on active.month = months.month
group by months.month, user_months.type, active.people
order by months.month, user_months.type
