{{ config(enabled=var('min_cell') | int <= 1) }}

-- The funnel has its ten steps and begins with the accounts that are real now, as daily_metrics' last day knows them.
with today as (

  select total_users from {{ ref('daily_metrics') }} order by metric_date desc limit 1

),

funnel as (

  select
    count(*) as steps,
    sum(users) filter (where step_order = 1) as users
  from {{ ref('account_funnel') }}

)

select funnel.steps, funnel.users, today.total_users
from funnel
left join today on true
where funnel.steps <> 10
  or funnel.users <> coalesce(today.total_users, 0)
