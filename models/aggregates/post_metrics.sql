{{ config(indexes=[{'columns': ['metric_date'], 'unique': true}]) }}

{% set content_types = ['text', 'link', 'image', 'file', 'job'] %}

with days as (

  {{ period_series('day') | indent(2) }}

),

activity_by_day as (

  select
    activity_date as metric_date,
    count(*) filter (where activity_type = 'post') as posts,
    count(*) filter (where activity_type = 'comment') as comments,
    count(distinct user_key) filter (where activity_type = 'post') as posters,
    count(distinct user_key) filter (where activity_type = 'comment') as commenters
    {%- for content_type in content_types %},
    count(*) filter (where activity_type = 'post' and metadata ->> 'content_type' = '{{ content_type }}') as {{ content_type }}_posts
    {%- endfor %}
  from {{ ref('history_activity') }}
  where {{ is_social('activity_type') }}
  group by activity_date

),

metrics as (

  select
    days.metric_day as metric_date,
    coalesce(activity.posts, 0) as posts,
    coalesce(activity.comments, 0) as comments,
    coalesce(activity.posters, 0) as posters,
    coalesce(activity.commenters, 0) as commenters,
    {{ ratio('activity.posts', 'activity.posters') }} as posts_per_poster,
    {{ ratio('activity.comments', 'activity.posts') }} as comments_per_post
    {%- for content_type in content_types %},
    coalesce(activity.{{ content_type }}_posts, 0) as {{ content_type }}_posts
    {%- endfor %}
  from days
  left join activity_by_day as activity on activity.metric_date = days.metric_day

)

select * from metrics
