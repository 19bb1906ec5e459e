{{ config(indexes=[{'columns': ['post_id'], 'unique': true}, {'columns': ['score']}]) }}

with comments_by_post as (

  select
    post_id,
    count(*) as comments,
    count(distinct user_key) as commenters
  from {{ ref('current_comments') }}
  group by post_id

),

posts as (

  select
    {{ keyed_hash('posts.post_id') }} as post_id,
    posts.content_type,
    comments_by_post.comments,
    comments_by_post.commenters,
    (comments_by_post.comments * 10 + comments_by_post.commenters * 5)::int as score,
    moment.as_of_date - posts.posted_on as days_old
  from {{ ref('current_posts') }} as posts
  join comments_by_post on comments_by_post.post_id = posts.post_id
  cross join {{ ref('as_of') }} as moment

)

{% call published(
  columns=['post_id', 'content_type', 'comments', 'commenters', 'score', 'days_old'],
  rules=[[enough_of_a_whole('commenters', whole='content_type', order='post_id'), ['comments', 'commenters', 'score']]],
  rows='cells.shows_1'
) -%}
select * from posts
{%- endcall %}
