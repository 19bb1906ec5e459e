-- Which kinds of post are commented on?

-- aggregate
select content_type, posts, comments, commenters, comments_per_post
from aggregates.content_type_distribution
order by content_type

-- raw
with posts as (
  select posts.id, posts.content_type
  from raw.posts
  join raw.real_people as people on people.id = posts.person
),
comments as (
  select posts.content_type, count(*) as comments, count(distinct comments.person) as commenters
  from raw.comments
  join raw.real_people as people on people.id = comments.person
  join posts on posts.id = comments.post_id
  group by posts.content_type
),
counted as (select content_type, count(*) as posts from posts group by content_type)
select
  counted.content_type,
  counted.posts,
  coalesce(comments.comments, 0),
  coalesce(comments.commenters, 0),
  (coalesce(comments.comments, 0)::numeric / counted.posts)::numeric(12, 2)
from counted
left join comments on comments.content_type is not distinct from counted.content_type
order by counted.content_type
