{{ config(enabled=var('min_cell') | int <= 1) }}

-- A day's posts of each kind, counted from the copied posts: of people who are no test accounts, until their account's deletion.
with posts as (

  select
    {{ local_date('posts.created_at') }} as metric_date,
    posts.type::text as content_type,
    count(*) as posts
  from {{ source('engagement', 'posts') }} as posts
  cross join {{ ref('as_of') }} as moment
  join {{ ref('accounts') }} as accounts on accounts.engagement_person_id = posts.person_id
  where {{ is_there('posts', 'moment.as_of') }}
    and not accounts.is_test_account
    and (accounts.deleted_at is null or posts.created_at < accounts.deleted_at)
    and posts.type is not null
  group by 1, 2

),

first_days as (

  select min(metric_date) as first_date from {{ ref('post_metrics') }}

),

expected as (

  select posts.*
  from posts
  join first_days on posts.metric_date >= first_days.first_date

),

actual as (

  select metrics.metric_date, types.content_type, types.posts
  from {{ ref('post_metrics') }} as metrics
  cross join lateral (
    values
    ('text', metrics.text_posts),
    ('link', metrics.link_posts),
    ('image', metrics.image_posts),
    ('file', metrics.file_posts),
    ('job', metrics.job_posts)
  ) as types (content_type, posts)
  where types.posts > 0

)

{{ rows_that_differ('expected', 'actual') }}
