{{ config(indexes=[{'columns': ['metric_date'], 'unique': true}]) }}

{% set content_types = ['text', 'link', 'image', 'file', 'job'] %}

with days as (

  {{ period_series('day') | indent(2) }}

),

posts_by_day as (

  select
    activity_date as metric_date,
    count(*) as posts,
    count(distinct user_key) as posters
    {%- for content_type in content_types %},
    count(*) filter (where metadata ->> 'content_type' = '{{ content_type }}') as {{ content_type }}_posts
    {%- endfor %}
    {%- if hides_small_cells() %}
    {%- for content_type in content_types %},
    count(distinct user_key) filter (where metadata ->> 'content_type' = '{{ content_type }}') as {{ content_type }}_posters
    {%- endfor %},
    count(distinct user_key) filter (where metadata ->> 'content_type' is null) as other_posters
    {%- endif %}
  from {{ ref('history_activity') }}
  where activity_type = 'post'
  group by activity_date

),

comments_by_day as (

  select
    activity_date as metric_date,
    sum(comment_count)::bigint as comments,
    count(*) as commenters
  from {{ ref('history_days') }}
  where comment_count > 0
  group by activity_date

),

metrics as (

  select
    days.metric_day as metric_date,
    coalesce(posts_by_day.posts, 0) as posts,
    coalesce(comments_by_day.comments, 0) as comments,
    coalesce(posts_by_day.posters, 0) as posters,
    coalesce(comments_by_day.commenters, 0) as commenters,
    {{ ratio('posts_by_day.posts', 'posts_by_day.posters') }} as posts_per_poster,
    {{ ratio('coalesce(comments_by_day.comments, 0)', 'posts_by_day.posts') }} as comments_per_post
    {%- for content_type in content_types %},
    coalesce(posts_by_day.{{ content_type }}_posts, 0) as {{ content_type }}_posts
    {%- endfor %}
    {%- if hides_small_cells() %}
    {%- for content_type in content_types %},
    coalesce(posts_by_day.{{ content_type }}_posters, 0) as {{ content_type }}_posters
    {%- endfor %},
    coalesce(posts_by_day.other_posters, 0) as other_posters
    {%- endif %}
  from days
  left join posts_by_day on posts_by_day.metric_date = days.metric_day
  left join comments_by_day on comments_by_day.metric_date = days.metric_day

)

{# As in daily_metrics; the types, which add up to the posts of a day and to those of content_type_distribution, for all days there are or none;
   posts without a type are one more part of a day. #}
{%- set month = start_of('month', 'cells.metric_date') -%}
{%- set types = [] -%}
{%- set posters_of_types = ['other_posters'] -%}
{%- for content_type in content_types -%}
  {%- do types.append(content_type ~ '_posts') -%}
  {%- do posters_of_types.append(content_type ~ '_posters') -%}
{%- endfor -%}
{%- call published(
  columns=['metric_date', 'posts', 'comments', 'posters', 'commenters', 'posts_per_poster', 'comments_per_post'] + types,
  rules=[
    [enough_throughout('posters', month), ['posts', 'posts_per_poster', 'comments_per_post']],
    [enough_throughout('commenters', month), ['comments', 'comments_per_post']],
    [enough('posters'), ['posters', 'posts_per_poster']],
    [enough('commenters'), ['commenters']],
    [enough_throughout(['posters'] + posters_of_types, ''), types]
  ],
  rates=['posts_per_poster', 'comments_per_post']
) -%}
select * from metrics
{%- endcall %}
