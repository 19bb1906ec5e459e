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
    {%- if hides_small_cells() %},
    count(distinct user_key) filter (where has_link) as link_authors,
    count(distinct user_key) filter (where has_media) as media_authors,
    count(distinct user_key) filter (where content_length is not null) as text_authors
    {%- endif %}
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
    {%- if hides_small_cells() %},
    posts_by_type.link_authors,
    posts_by_type.media_authors,
    posts_by_type.text_authors
    {%- endif %}
  from posts_by_type
  -- The source knows posts without a type.
  left join comments_by_type on comments_by_type.content_type is not distinct from posts_by_type.content_type

)

{# The types add up to the posts of all months: where a month is small, two types stay untold too. A first and a last post are one person's. #}
{%- set months %}
  cross join (
    select coalesce(bool_or(not {{ enough(['posters', 'commenters']) }}), false) as has_small
    from (
      select count(*) filter (where post_count > 0) as posters, count(*) filter (where comment_count > 0) as commenters
      from {{ ref('user_months') }}
      group by metric_month
    ) as user_months
  ) as months
{%- endset -%}
{%- set counts = ['posts', 'authors', 'avg_content_length', 'posts_with_link', 'posts_with_media', 'comments', 'commenters', 'comments_per_post'] -%}
{%- call published(
  columns=[
    'content_type', 'posts', 'authors', 'avg_content_length', 'posts_with_link', 'posts_with_media', 'comments', 'commenters',
    'comments_per_post', 'first_post_at', 'last_post_at'
  ],
  rules=[
    [enough_of_a_whole('authors', order='content_type', also='months.has_small'), counts],
    [enough_of_a_whole('commenters', order='content_type', also='months.has_small'), counts],
    [enough('link_authors'), ['posts_with_link']],
    [enough('media_authors'), ['posts_with_media']],
    [enough('text_authors'), ['avg_content_length']],
    ['false', ['first_post_at', 'last_post_at']]
  ],
  rates=['avg_content_length', 'comments_per_post'],
  joined=months
) -%}
select * from distribution
{%- endcall %}
