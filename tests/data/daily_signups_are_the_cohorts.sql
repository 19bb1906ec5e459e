{{ config(enabled=var('min_cell') | int <= 1) }}

-- The sign-ups of a month's days are its cohort.
select daily.cohort_month, daily.new_signups, cohorts.cohort_size
from (
  select date_trunc('month', metric_date)::date as cohort_month, sum(new_signups) as new_signups
  from {{ ref('daily_metrics') }}
  group by 1
) as daily
join (select distinct cohort_month, cohort_size from {{ ref('cohort_retention') }}) as cohorts
  on cohorts.cohort_month = daily.cohort_month
where daily.new_signups <> cohorts.cohort_size
