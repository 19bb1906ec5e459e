-- Which posts are talked about most? (Without the pseudonyms, which only the warehouse has.)

-- aggregate
select score, comments, commenters, content_type, days_old
from aggregates.top_posts
order by score desc, comments desc, content_type, days_old
limit 20

-- raw
with commented as (
  select comments.post_id, count(*) as comments, count(distinct comments.person) as commenters
  from raw.comments
  join raw.real_people as people on people.id = comments.person
  group by comments.post_id
)
select
  commented.comments * 10 + commented.commenters * 5 as score,
  commented.comments,
  commented.commenters,
  posts.content_type,
  (:as_of at time zone 'UTC')::date - (posts.at at time zone 'UTC')::date as days_old
from commented
join raw.posts on posts.id = commented.post_id
join raw.real_people as authors on authors.id = posts.person
order by score desc, commented.comments desc, posts.content_type, days_old
limit 20
