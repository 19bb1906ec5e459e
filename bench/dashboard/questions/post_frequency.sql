-- How many posts are there each day, and how many a poster?

-- aggregate
select metric_date, posts, posters, posts_per_poster
from aggregates.post_metrics
order by metric_date

-- raw
with written as (
  select (posts.at at time zone 'UTC')::date as day, count(*) as posts, count(distinct posts.person) as posters
  from raw.posts
  join raw.people on people.id = posts.person
  where people.deleted_at is null or posts.at < people.deleted_at
  group by 1
)
select
  days.day,
  coalesce(written.posts, 0),
  coalesce(written.posters, 0),
  (written.posts::numeric / written.posters)::numeric(12, 2)
from raw.days
left join written on written.day = days.day
order by days.day
