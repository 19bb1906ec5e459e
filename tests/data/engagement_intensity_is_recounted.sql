{{ config(enabled=var('min_cell') | int <= 1) }}

-- The intensities of a month are its social users, and what they did is in their months.
with writers as (

  select
    users.metric_month,
    width_bucket(users.post_count + users.comment_count, array[1, 5, 10, 20]) as bucket,
    users.post_count,
    users.comment_count,
    users.post_count + users.comment_count + users.group_join_count + users.vote_count + users.collection_count
      + users.collection_add_count + users.view_count + users.profile_update_count as events
  from {{ ref('user_months') }} as users
  join {{ ref('monthly_metrics') }} as months on months.metric_month = users.metric_month

),

expected as (

  select
    metric_month,
    (array['casual', 'regular', 'active', 'power'])[bucket] as intensity,
    count(*) as users,
    round(sum(events) / count(*), 2) as avg_activities,
    round(sum(post_count) / count(*), 2) as avg_posts,
    round(sum(comment_count) / count(*), 2) as avg_comments
  from writers
  where bucket > 0
  group by metric_month, bucket

),

actual as (

  select * from {{ ref('engagement_intensity') }}

),

writers_of_a_month as (

  select metric_month, sum(users) as users
  from actual
  group by metric_month

)

{{ rows_that_differ('expected', 'actual') }}

union all

select 'not mau_social', months.metric_month, null, writers.users, null, null, null
from {{ ref('monthly_metrics') }} as months
left join writers_of_a_month as writers on writers.metric_month = months.metric_month
where coalesce(writers.users, 0) <> months.mau_social
