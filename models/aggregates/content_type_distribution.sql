{{ config(indexes=[{'columns': ['content_type'], 'unique': true}]) }}

with posts as (

  select * from {{ ref('current_posts') }}

),

posts_by_type as (

  select
    content_type,
    count(*) as posts,
    count(distinct user_key) as authors,
    avg(content_length)::numeric(12, 2) as avg_content_length,
    count(*) filter (where has_link) as posts_with_link,
    count(*) filter (where has_media) as posts_with_media,
    min(posted_at) as first_post_at,
    max(posted_at) as last_post_at
  from posts
  group by content_type

),

comments_by_type as (

  select
    posts.content_type,
    count(*) as comments,
    count(distinct comments.user_key) as commenters
  from {{ ref('current_comments') }} as comments
  join posts on posts.post_id = comments.post_id
  group by posts.content_type

),

distribution as (

  select
    posts_by_type.content_type,
    posts_by_type.posts,
    posts_by_type.authors,
    posts_by_type.avg_content_length,
    posts_by_type.posts_with_link,
    posts_by_type.posts_with_media,
    coalesce(comments_by_type.comments, 0) as comments,
    coalesce(comments_by_type.commenters, 0) as commenters,
    {{ ratio('coalesce(comments_by_type.comments, 0)', 'posts_by_type.posts') }} as comments_per_post,
    posts_by_type.first_post_at,
    posts_by_type.last_post_at
  from posts_by_type
  -- The source knows posts without a type.
  left join comments_by_type on comments_by_type.content_type is not distinct from posts_by_type.content_type

)

select * from distribution
