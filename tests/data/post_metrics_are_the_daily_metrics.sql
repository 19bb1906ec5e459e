-- A day's posts, comments and who made them are those of daily_metrics, on the same days.
with expected as (

  select metric_date, posts_created, comments_created, active_posters, active_commenters
  from {{ ref('daily_metrics') }}

),

actual as (

  select metric_date, posts, comments, posters, commenters
  from {{ ref('post_metrics') }}

)

{{ rows_that_differ('expected', 'actual') }}
