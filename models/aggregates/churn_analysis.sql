{{ config(indexes=[{'columns': ['metric_month', 'user_type', 'engagement_level'], 'unique': true}]) }}

with months as (

  {{ period_series('month') | indent(2) }}

),

active_months as (

  select
    user_type,
    metric_month,
    lead(metric_month) over user_history as next_active,
    sum({{ engagement_score('post_count', 'comment_count', 'vote_count', 'collection_count') }}) over user_history as score_so_far,
    sum(activating_count) over user_history as activating_so_far
  from {{ ref('user_months') }}
  where total_activities > 0
  window user_history as (partition by user_key order by metric_month)

),

-- What was done up to the end of an active month is what was done before the next one, and before the one in which the user returns.
levels as (

  select
    user_type,
    metric_month,
    {{ next_start('month', 'metric_month') }} as month_after,
    next_active,
    {{ engagement_level('score_so_far', 'activating_so_far', '1') }} as engagement_level
  from active_months

),

movements as (

  select
    month_after as metric_month,
    user_type,
    engagement_level,
    case when next_active = month_after then 'retained' else 'churned' end as movement
  from levels

  union all

  select next_active, user_type, engagement_level, 'reactivated'
  from levels
  where next_active > month_after

),

counted as (

  select
    months.metric_month,
    months.is_complete,
    movements.user_type,
    movements.engagement_level,
    count(*) filter (where movements.movement in ('retained', 'churned')) as active_before,
    count(*) filter (where movements.movement = 'churned') as churned_users,
    count(*) filter (where movements.movement = 'reactivated') as reactivated_users
  from movements
  join months on months.metric_month = movements.metric_month
  group by months.metric_month, months.is_complete, movements.user_type, movements.engagement_level

)

{# Types and levels add up to the month's movements, and those with the new to its active: all of it is told or none. #}
{%- set first_active %}
  left join (
    select first_month, count(*) as new_active_users
    from (
      select user_key, min(metric_month) as first_month
      from {{ ref('user_months') }}
      where total_activities > 0
      group by user_key
    ) as first_months
    group by first_month
  ) as arrivals on arrivals.first_month = cells.metric_month
{%- endset -%}
{%- call published(
  columns=['metric_month', 'user_type', 'engagement_level', 'active_before', 'churned_users', 'churn_rate', 'reactivated_users'],
  rules=[[
    enough_throughout(
      ['active_before', 'churned_users', '(active_before - churned_users)', 'reactivated_users', 'coalesce(arrivals.new_active_users, 0)'],
      'cells.metric_month'
    ),
    ['active_before', 'churned_users', 'churn_rate', 'reactivated_users']
  ]],
  rates=['churn_rate'],
  joined=first_active
) -%}
select
  metric_month,
  user_type,
  engagement_level,
  active_before,
  churned_users,
  {{ percentage_when('is_complete', 'churned_users', 'active_before') }} as churn_rate,
  reactivated_users
from counted
{%- endcall %}
