{{ config(indexes=[{'columns': ['cohort_month', 'weeks_since_signup'], 'unique': true}]) }}

with cohorts as (

  select
    cohort_month,
    count(*) as cohort_size,
    max(signup_on) as last_signup_on
  from {{ ref('history_signups') }}
  group by cohort_month

),

-- A week is shown when it is over for the cohort's last member.
weeks as (

  select
    cohorts.cohort_month,
    cohorts.cohort_size,
    week as weeks_since_signup
  from cohorts
  cross join {{ ref('as_of') }} as moment
  cross join generate_series(0, 52) as week
  where cohorts.last_signup_on + 7 * week + 6 < moment.as_of_date

),

user_weeks as (

  select
    cohort_month,
    user_key,
    (activity_date - signup_on) / 7 as weeks_since_signup,
    sum(activities_from_signup)::bigint as activities
  from {{ ref('history_days') }}
  where activities_from_signup > 0
  group by 1, 2, 3

),

shown_user_weeks as (

  select
    user_weeks.*,
    max(user_weeks.weeks_since_signup) over (partition by user_weeks.user_key) as last_active_week
  from user_weeks
  join weeks
    on weeks.cohort_month = user_weeks.cohort_month
    and weeks.weeks_since_signup = user_weeks.weeks_since_signup

),

retained as (

  select
    cohort_month,
    weeks_since_signup,
    count(*) as retained_users,
    count(*) filter (where weeks_since_signup = last_active_week) as last_seen_users,
    sum(activities)::bigint as total_activities
  from shown_user_weeks
  group by cohort_month, weeks_since_signup

),

counted as (

  select
    weeks.cohort_month,
    weeks.weeks_since_signup,
    weeks.cohort_size,
    coalesce(retained.retained_users, 0) as retained_users,
    -- Active in this week or a later one: whose last shown week is not before this one.
    sum(coalesce(retained.last_seen_users, 0)) over (
      partition by weeks.cohort_month
      order by weeks.weeks_since_signup desc
    )::bigint as cumulative_retained_users,
    coalesce(retained.total_activities, 0) as total_activities
  from weeks
  left join retained
    on retained.cohort_month = weeks.cohort_month
    and retained.weeks_since_signup = weeks.weeks_since_signup

)

{% set told_months %}join ({{ told_signup_months() }}) as months on months.metric_month = cells.cohort_month{% endset -%}
{%- set retained = ['retained_users', 'retention_rate', 'total_activities', 'avg_activities_per_retained_user'] -%}
{%- set cumulative = ['cumulative_retained_users', 'cumulative_retention_rate'] -%}
{%- call published(
  columns=[
    'cohort_month', 'weeks_since_signup', 'cohort_size', 'retained_users', 'retention_rate', 'cumulative_retained_users',
    'cumulative_retention_rate', 'total_activities', 'avg_activities_per_retained_user'
  ],
  rules=[
    [enough('retained_users'), retained],
    [enough('cumulative_retained_users'), cumulative],
    ['months.tells_signups', ['cohort_size'] + retained + cumulative]
  ],
  rates=['retention_rate', 'cumulative_retention_rate', 'avg_activities_per_retained_user'],
  joined=told_months
) -%}
select
  cohort_month,
  weeks_since_signup,
  cohort_size,
  retained_users,
  {{ percentage('retained_users', 'cohort_size') }} as retention_rate,
  cumulative_retained_users,
  {{ percentage('cumulative_retained_users', 'cohort_size') }} as cumulative_retention_rate,
  total_activities,
  {{ ratio('total_activities', 'retained_users') }} as avg_activities_per_retained_user
from counted
{%- endcall %}
