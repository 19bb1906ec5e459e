-- Who is active in a week that is over is active in the seven days that end with its Sunday; in a month, between its busiest day and the sum of its days.
select 'week' as period, weeks.metric_week as period_start, weeks.wau as active, days.wau_rolling as by_days
from {{ ref('weekly_metrics') }} as weeks
join {{ ref('daily_metrics') }} as days on days.metric_date = weeks.metric_week + 6
where weeks.wau <> days.wau_rolling

union all

select 'month', months.metric_month, months.mau, days.most
from {{ ref('monthly_metrics') }} as months
join (
  select
    date_trunc('month', metric_date::timestamp)::date as metric_month,
    -- The weeks that lie in the month wholly, and its days.
    greatest(
      max(dau),
      max(wau_rolling) filter (where extract(day from metric_date) >= 7),
      max(mau_rolling) filter (where extract(day from metric_date) >= 30)
    ) as most
  from {{ ref('daily_metrics') }}
  group by 1
) as days on days.metric_month = months.metric_month
where months.mau < days.most
