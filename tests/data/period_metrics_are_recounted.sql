{{ config(enabled=var('min_cell') | int <= 1) }}

-- Each week and month, recounted another way: stocks and sign-ups from the days, activity from the events, movements by comparing sets of users.
with activity as (

  select
    events.user_key,
    users.user_type,
    events.activity_type,
    events.is_activity,
    events.activity_date::timestamp as activity_day
  from {{ ref('user_activity_events') }} as events
  join {{ ref('unified_users') }} as users on users.user_key = events.user_key
  where users.is_test_account is false
    and coalesce(events.activity_at < users.deleted_at, true)

),

completed as (

  select
    {{ local_date('journey.event_at') }} as completed_on,
    {{ local_date('users.deleted_at') }} as deleted_on
  from {{ ref('user_journey_events') }} as journey
  join {{ ref('unified_users') }} as users on users.user_key = journey.user_key
  where journey.event_type = 'profile_completed'
    and users.is_test_account is false

),

{% for period in ['week', 'month'] -%}
{{ period }}_days as (

  select
    date_trunc('{{ period }}', metric_date::timestamp)::date as period_start,
    max(metric_date) as last_day,
    sum(new_signups) as new_signups,
    avg(dau)::numeric(12, 2) as avg_dau
  from {{ ref('daily_metrics') }}
  group by 1

),

{{ period }}_stocks as (

  select
    days.*,
    last_days.total_users,
    (days.period_start + interval '1 {{ period }}')::date <= moment.as_of_date as is_complete,
    lag(days.new_signups) over (order by days.period_start) as signups_before,
    lag(last_days.total_users) over (order by days.period_start) as users_before
  from {{ period }}_days as days
  cross join {{ ref('as_of') }} as moment
  join {{ ref('daily_metrics') }} as last_days on last_days.metric_date = days.last_day

),

{{ period }}_activity as (

  select
    date_trunc('{{ period }}', activity_day)::date as period_start,
    count(distinct case when is_activity then user_key end) as active,
    count(distinct case when activity_type in ('post', 'comment') then user_key end) as social,
    count(distinct case when is_activity and user_type = 'FINDER' then user_key end) as finder,
    count(distinct case when is_activity and user_type <> 'FINDER' then user_key end) as standard,
    {% for type in activity_types() + ['profile_update'] -%}
    sum((activity_type = '{{ type }}')::int) as {{ type }}_count{{ ',' if not loop.last }}
    {% endfor %}
  from activity
  group by 1

),

{{ period }}_users as (

  select distinct user_key, date_trunc('{{ period }}', activity_day)::date as period_start
  from activity
  where is_activity

),

{{ period }}_after as (

  select
    (users.period_start + interval '1 {{ period }}')::date as period_start,
    count(again.user_key) as retained,
    count(*) - count(again.user_key) as churned
  from {{ period }}_users as users
  left join {{ period }}_users as again
    on again.user_key = users.user_key
    and again.period_start = (users.period_start + interval '1 {{ period }}')::date
  group by 1

),

{{ period }}_first as (

  select period_start, count(*) as new_active
  from (select user_key, min(period_start) as period_start from {{ period }}_users group by user_key) as firsts
  group by period_start

),

{% endfor -%}
month_completed as (

  select stocks.period_start, count(completed.completed_on) as completed_profiles
  from month_stocks as stocks
  left join completed
    on completed.completed_on <= stocks.last_day
    and coalesce(completed.deleted_on > stocks.last_day, true)
  group by stocks.period_start

),

expected as (

  {% for period in ['week', 'month'] -%}
  select
    '{{ period }}' as period,
    stocks.period_start,
    stocks.is_complete,
    stocks.new_signups,
    case
      when stocks.is_complete and stocks.signups_before > 0
        then round(100.0 * stocks.new_signups / stocks.signups_before - 100, 2)
    end as signup_growth_rate,
    stocks.total_users,
    case
      when stocks.is_complete and stocks.users_before > 0
        then round(100.0 * stocks.total_users / stocks.users_before - 100, 2)
    end as user_growth_rate,
    coalesce(activity.active, 0) as active,
    coalesce(activity.social, 0) as social,
    stocks.avg_dau,
    {% for type in activity_types() + ['profile_update'] -%}
    coalesce(activity.{{ type }}_count, 0) as {{ type }}_count,
    {% endfor -%}
    coalesce(activity.finder, 0) as finder,
    coalesce(activity.standard, 0) as standard,
    coalesce(after.retained, 0) as retained_users,
    coalesce(after.churned, 0) as churned_users,
    coalesce(first.new_active, 0) as new_active_users,
    {{ 'completed.completed_profiles' if period == 'month' else 'null::bigint' }} as completed_profiles
  from {{ period }}_stocks as stocks
  left join {{ period }}_activity as activity on activity.period_start = stocks.period_start
  left join {{ period }}_after as after on after.period_start = stocks.period_start
  left join {{ period }}_first as first on first.period_start = stocks.period_start
  {% if period == 'month' -%}
  left join month_completed as completed on completed.period_start = stocks.period_start
  {% else -%}
  union all

  {% endif -%}
  {% endfor %}

),

actual as (

  {% for period, model, active in [('week', 'weekly_metrics', 'wau'), ('month', 'monthly_metrics', 'mau')] -%}
  select
    '{{ period }}' as period,
    metric_{{ period }} as period_start,
    is_complete,
    new_signups,
    signup_growth_rate,
    total_users,
    user_growth_rate,
    {{ active }} as active,
    {{ active }}_social as social,
    avg_dau,
    {% for type in activity_types() + ['profile_update'] -%}
    {{ type }}_count,
    {% endfor -%}
    finder_{{ active }} as finder,
    standard_{{ active }} as standard,
    retained_users,
    churned_users,
    new_active_users,
    {{ 'completed_profiles' if period == 'month' else 'null::bigint' }} as completed_profiles
  from {{ ref(model) }}
  {{ 'union all' if not loop.last }}
  {% endfor %}
)

{{ rows_that_differ('expected', 'actual') }}
