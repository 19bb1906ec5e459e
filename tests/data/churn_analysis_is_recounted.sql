{{ config(enabled=var('min_cell') | int <= 1) }}

-- Each month's departures and returns, recounted by comparing sets of users, with the level of all their months before.
with moves as (

  select
    user_key,
    (metric_month + interval '1 month')::date as metric_month,
    true as is_active_before
  from {{ ref('user_months') }}
  where total_activities > 0

  union all

  select user_key, metric_month, false
  from {{ ref('user_months') }}
  where total_activities > 0

),

-- Who was active in the month before, this month, or both.
user_moves as (

  select
    user_key,
    metric_month,
    bool_or(is_active_before) as is_active_before,
    bool_or(not is_active_before) as is_active_now
  from moves
  group by user_key, metric_month

),

before as (

  select
    user_moves.user_key,
    user_moves.metric_month,
    user_moves.is_active_before,
    user_moves.is_active_now,
    earlier.user_type,
    sum(earlier.post_count * 3 + earlier.comment_count * 2 + earlier.vote_count + earlier.collection_count * 5) as score,
    sum(earlier.post_count + earlier.comment_count + earlier.vote_count + earlier.collection_count) as activating
  from user_moves
  join {{ ref('user_months') }} as earlier
    on earlier.user_key = user_moves.user_key
    and earlier.metric_month < user_moves.metric_month
    and earlier.total_activities > 0
  group by 1, 2, 3, 4, 5

),

expected as (

  select
    before.metric_month,
    before.user_type,
    case
      when before.score > 49 then 'POWER_USER'
      when before.score > 19 then 'ACTIVE'
      when before.activating <> 0 then 'CASUAL'
      else 'LURKER'
    end as engagement_level,
    count(*) filter (where before.is_active_before) as active_before,
    count(*) filter (where not before.is_active_now) as churned_users,
    case
      when months.is_complete and count(*) filter (where before.is_active_before) > 0 then
        round(100.0 * count(*) filter (where not before.is_active_now) / count(*) filter (where before.is_active_before), 2)
    end as churn_rate,
    count(*) filter (where not before.is_active_before) as reactivated_users
  from before
  join {{ ref('monthly_metrics') }} as months on months.metric_month = before.metric_month
  group by before.metric_month, before.user_type, engagement_level, months.is_complete

)

{{ rows_that_differ('expected', ref('churn_analysis')) }}
