-- How intensely do those who post or comment take part each month?

-- aggregate
select metric_month, intensity, users, avg_activities, avg_posts, avg_comments
from aggregates.engagement_intensity
order by metric_month, intensity

-- raw
with user_months as (
  select
    date_trunc('month', events.at at time zone 'UTC')::date as month,
    events.person,
    count(*) as events,
    count(*) filter (where events.type = 'post') as posts,
    count(*) filter (where events.type = 'comment') as comments
  from (
    select type, person, at from raw.activity
    union all
    select 'profile_update', person, at from raw.profile_updates
  ) as events
  join raw.people on people.id = events.person
  where people.deleted_at is null or events.at < people.deleted_at
  group by 1, 2
),
writers as (
  select
    user_months.*,
    case
      when posts + comments >= 20 then 'power'
      when posts + comments >= 10 then 'active'
      when posts + comments >= 5 then 'regular'
      else 'casual'
    end as intensity
  from user_months
  where posts + comments > 0
)
select
  months.month,
  writers.intensity,
  count(*),
  avg(writers.events)::numeric(12, 2),
  avg(writers.posts)::numeric(12, 2),
  avg(writers.comments)::numeric(12, 2)
from writers
join raw.months on months.month = writers.month
group by months.month, writers.intensity
order by months.month, writers.intensity
