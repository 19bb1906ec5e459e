{{ config(indexes=[{'columns': ['metric_month', 'intensity'], 'unique': true}]) }}

with months as (

  {{ period_series('month') | indent(2) }}

),

-- Whoever wrote a post or a comment in the month.
writers as (

  select
    user_months.metric_month,
    case
      when user_months.post_count + user_months.comment_count >= 20 then 'power'
      when user_months.post_count + user_months.comment_count >= 10 then 'active'
      when user_months.post_count + user_months.comment_count >= 5 then 'regular'
      else 'casual'
    end as intensity,
    user_months.total_activities + user_months.profile_update_count as events,
    user_months.post_count,
    user_months.comment_count
  from {{ ref('user_months') }} as user_months
  join months on months.metric_month = user_months.metric_month
  where user_months.post_count + user_months.comment_count > 0

)

{# The users add up to the month's social ones, the averages to its posts and comments: all of it is told or none. #}
{%- call published(
  columns=['metric_month', 'intensity', 'users', 'avg_activities', 'avg_posts', 'avg_comments'],
  rules=[[
    enough_throughout(['users', 'posters', 'commenters'], 'metric_month'),
    ['users', 'avg_activities', 'avg_posts', 'avg_comments']
  ]],
  rates=['avg_activities', 'avg_posts', 'avg_comments']
) -%}
select
  metric_month,
  intensity,
  count(*) as users,
  avg(events)::numeric(12, 2) as avg_activities,
  avg(post_count)::numeric(12, 2) as avg_posts,
  avg(comment_count)::numeric(12, 2) as avg_comments
  {%- if hides_small_cells() %},
  count(*) filter (where post_count > 0) as posters,
  count(*) filter (where comment_count > 0) as commenters
  {%- endif %}
from writers
group by metric_month, intensity
{%- endcall %}
