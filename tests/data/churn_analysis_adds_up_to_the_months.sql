{{ config(enabled=var('min_cell') | int <= 1) }}

-- All types and levels of a month together are the month.
with churn as (

  select
    metric_month,
    sum(active_before) as active_before,
    sum(churned_users) as churned_users,
    sum(reactivated_users) as reactivated_users
  from {{ ref('churn_analysis') }}
  group by metric_month

)

select months.metric_month
from {{ ref('monthly_metrics') }} as months
left join churn on churn.metric_month = months.metric_month
where coalesce(churn.active_before, 0) <> months.retained_users + months.churned_users
  or coalesce(churn.churned_users, 0) <> months.churned_users
  or coalesce(churn.reactivated_users, 0) <> months.reactivated_users
