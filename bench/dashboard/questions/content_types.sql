-- What is posted?

-- aggregate
select content_type, posts, authors, avg_content_length, posts_with_link, posts_with_media, first_post_at, last_post_at
from aggregates.content_type_distribution
order by content_type

-- raw
select
  posts.content_type,
  count(*),
  count(distinct posts.person),
  avg(char_length(raw.filled(posts.content)))::numeric(12, 2),
  count(*) filter (where raw.filled(posts.link_url) is not null),
  count(*) filter (where jsonb_typeof(posts.media_keys) = 'array' and posts.media_keys <> '[]'),
  min(posts.at),
  max(posts.at)
from raw.posts
join raw.real_people as people on people.id = posts.person
group by posts.content_type
order by posts.content_type
