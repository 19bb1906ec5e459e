{% macro period_metrics(period) -%}
{#-
  weekly_metrics and monthly_metrics are one query. "Before" is always the calendar's period before, whether it is in the series or not: people
  can be active before anybody has signed up.
-#}
{%- set start = 'metric_' ~ period -%}
{%- set au = {'week': 'wau', 'month': 'mau'}[period] -%}
with periods as (

  {{ period_series(period) | indent(2) }}

),

-- The days of a period that the series of days has.
days as (

  select
    {{ start_of(period, 'metric_day') }} as {{ start }},
    count(*) as days
  from (
    {{ period_series('day') | indent(4) }}
  ) as series
  group by 1

),

signups as (

  select
    {{ start_of(period, 'signup_on') }} as {{ start }},
    count(*) as new_signups
  from {{ ref('history_signups') }}
  group by 1

),

deletions as (

  select
    {{ start_of(period, 'deleted_on') }} as {{ start }},
    count(*) as deletions
  from {{ ref('history_signups') }}
  where deleted_on is not null
  group by 1

),

user_periods as (

  {% if period == 'month' -%}
  select * from {{ ref('user_months') }}
  {%- else -%}
  {{ user_periods(period) | indent(2) }}
  {%- endif %}

),

activity as (

  select
    {{ start }},
    count(*) filter (where total_activities > 0) as {{ au }},
    count(*) filter (where post_count + comment_count > 0) as {{ au }}_social,
    count(*) filter (where total_activities > 0 and user_type = 'FINDER') as finder_{{ au }},
    count(*) filter (where total_activities > 0 and user_type = 'STANDARD') as standard_{{ au }},
    {% for type in activity_types() + ['profile_update'] -%}
    sum({{ type }}_count)::bigint as {{ type }}_count,
    {% if hides_small_cells() -%}
    count(*) filter (where {{ type }}_count > 0) as {{ type }}_users,
    {% endif -%}
    {% endfor -%}
    sum(total_activities)::bigint as total_activities,
    sum({{ engagement_score('post_count', 'comment_count', 'vote_count', 'collection_count') }}) as engagement_score,
    sum(active_days) as active_days
  from user_periods
  group by {{ start }}

),

active_periods as (

  select
    {{ start }},
    lag({{ start }}) over user_history as previous_active,
    lead({{ start }}) over user_history as next_active
  from user_periods
  where total_activities > 0
  window user_history as (partition by user_key order by {{ start }})

),

-- An active period says how its user came to it, and, if the next one is not active, that the user is missed there.
movements as (

  select
    {{ start }},
    case
      when previous_active is null then 'new_active'
      when previous_active = {{ next_start(period, start, -1) }} then 'retained'
      else 'reactivated'
    end as movement
  from active_periods

  union all

  select {{ next_start(period, start) }}, 'churned'
  from active_periods
  where next_active is distinct from {{ next_start(period, start) }}

),

movement_counts as (

  select
    {{ start }},
    {% for movement in ['retained', 'churned', 'reactivated', 'new_active'] -%}
    count(*) filter (where movement = '{{ movement }}') as {{ movement }}_users{{ ',' if not loop.last }}
    {% endfor %}
  from movements
  group by {{ start }}

),
{% if period == 'month' %}
-- Who completed a profile counts from that month on, until the account's deletion.
completion_changes as (

  select {{ local_month('journey.event_at') }} as {{ start }}, 1 as change
  from {{ ref('user_journey_events') }} as journey
  join {{ ref('history_signups') }} as signups on signups.user_key = journey.user_key
  where journey.event_type = 'profile_completed'

  union all

  select {{ start_of(period, 'signups.deleted_on') }}, -1
  from {{ ref('user_journey_events') }} as journey
  join {{ ref('history_signups') }} as signups on signups.user_key = journey.user_key
  where journey.event_type = 'profile_completed'
    and signups.deleted_on is not null

),

completions as (

  select {{ start }}, sum(change) as completed_profiles
  from completion_changes
  group by {{ start }}

),
{% endif %}
counted as (

  select
    periods.{{ start }},
    periods.is_complete,
    days.days,
    coalesce(signups.new_signups, 0) as new_signups,
    sum(coalesce(signups.new_signups, 0) - coalesce(deletions.deletions, 0)) over so_far as total_users,
    coalesce(activity.{{ au }}, 0) as {{ au }},
    coalesce(activity.{{ au }}_social, 0) as {{ au }}_social,
    coalesce(activity.active_days, 0) as active_days,
    {% for type in activity_types() + ['profile_update'] -%}
    coalesce(activity.{{ type }}_count, 0) as {{ type }}_count,
    {% if hides_small_cells() -%}
    coalesce(activity.{{ type }}_users, 0) as {{ type }}_users,
    {% endif -%}
    {% endfor -%}
    coalesce(activity.total_activities, 0) as total_activities,
    coalesce(activity.engagement_score, 0) as engagement_score,
    coalesce(activity.finder_{{ au }}, 0) as finder_{{ au }},
    coalesce(activity.standard_{{ au }}, 0) as standard_{{ au }},
    coalesce(movement_counts.retained_users, 0) as retained_users,
    coalesce(movement_counts.churned_users, 0) as churned_users,
    coalesce(movement_counts.reactivated_users, 0) as reactivated_users,
    coalesce(movement_counts.new_active_users, 0) as new_active_users
    {%- if period == 'month' %},
    sum(coalesce(completions.completed_profiles, 0)) over so_far as completed_profiles
    {%- endif %}
  from periods
  join days on days.{{ start }} = periods.{{ start }}
  {% for counts in ['signups', 'deletions', 'activity', 'movement_counts'] + (['completions'] if period == 'month' else []) -%}
  left join {{ counts }} on {{ counts }}.{{ start }} = periods.{{ start }}
  {% endfor -%}
  window so_far as (order by periods.{{ start }})

),

compared as (

  select
    counted.*,
    lag(new_signups) over (order by {{ start }}) as new_signups_before,
    lag(total_users) over (order by {{ start }}) as total_users_before,
    retained_users + churned_users as active_before
  from counted

)

{% call published_period(period) -%}
select
  {{ start }},
  is_complete,
  new_signups,
  {{ percentage_when('is_complete', '(new_signups - new_signups_before)', 'new_signups_before') }} as signup_growth_rate,
  total_users::bigint as total_users,
  {{ percentage_when('is_complete', '(total_users - total_users_before)', 'total_users_before') }} as user_growth_rate,
  {{ au }},
  {{ au }}_social,
  {{ ratio('active_days', 'days') }} as avg_dau,
  {% for type in activity_types() + ['profile_update'] -%}
  {{ type }}_count,
  {% endfor -%}
  total_activities,
  {{ ratio('total_activities', au) }} as avg_activities_per_user,
  {{ ratio('engagement_score', au) }} as avg_engagement_score,
  finder_{{ au }},
  standard_{{ au }},
  retained_users,
  {{ percentage_when('is_complete', 'retained_users', 'active_before') }} as retention_rate,
  churned_users,
  {{ percentage_when('is_complete', 'churned_users', 'active_before') }} as churn_rate,
  reactivated_users,
  new_active_users
  {%- if period == 'month' %},
  completed_profiles::bigint as completed_profiles,
  {{ percentage('completed_profiles', 'total_users') }} as profile_completion_rate
  {%- endif %}
  {%- if hides_small_cells() %},
  total_users_before
  {%- for type in activity_types() + ['profile_update'] %},
  {{ type }}_users
  {%- endfor %}
  {%- endif %}
from compared
{%- endcall %}
{%- endmacro %}

{% macro published_period(period) -%}
{#- What weekly_metrics and monthly_metrics tell (macros/min_cell.sql). A week tells nothing that adds up: its days, if told, do. -#}
{%- set start = 'metric_' ~ period -%}
{%- set au = {'week': 'wau', 'month': 'mau'}[period] -%}
{%- set signups = ['new_signups', 'signup_growth_rate'] -%}
{%- set stock = ['total_users', 'user_growth_rate'] -%}
{%- set movements = ['retained_users', 'churned_users', 'reactivated_users', 'new_active_users'] -%}
{%- set of_movements = ['retained_users', 'retention_rate', 'churned_users', 'churn_rate', 'reactivated_users', 'new_active_users'] -%}
{%- set sums = ['total_activities', 'avg_activities_per_user', 'avg_engagement_score'] -%}
{%- set types = [] -%}
{%- set doers = [] -%}
{%- for type in activity_types() + ['profile_update'] -%}
  {%- do types.append(type ~ '_count') -%}
  {%- do doers.append(type ~ '_users') -%}
{%- endfor -%}
{%- set profiles = ['completed_profiles', 'profile_completion_rate'] if period == 'month' else [] -%}
{%- set rules = [
  [enough(au), [au] + sums],
  [enough(au ~ '_social'), [au ~ '_social']],
  [enough(['finder_' ~ au, 'standard_' ~ au]), ['finder_' ~ au, 'standard_' ~ au]],
  [enough(movements), of_movements]
] -%}
{%- set told_months = '' -%}
{%- if period == 'month' -%}
  {%- set told_months = 'join (' ~ told_signup_months() ~ ') as months on months.metric_month = cells.metric_month' -%}
  {%- set before = ' and lag(months.tells_%s, 1, true) over (order by cells.metric_month)' -%}
  {%- do rules.append(['months.tells_signups', signups]) -%}
  {%- do rules.append(['months.tells_stock and ' ~ enough('total_users'), stock + ['profile_completion_rate']]) -%}
  {%- do rules.append(['lag(months.tells_signups, 1, true) over (order by cells.metric_month)', ['signup_growth_rate']]) -%}
  {%- do rules.append([
    'lag(months.tells_stock, 1, true) over (order by cells.metric_month) and ' ~ enough('coalesce(total_users_before, 0)'), ['user_growth_rate']
  ]) -%}
  {%- for type in types -%}
    {%- do rules.append([enough(doers[loop.index0]), [type]]) -%}
  {%- endfor -%}
  {#- A sum is told where all of its parts are. -#}
  {%- do rules.append([enough(doers[:-1]), sums]) -%}
  {%- do rules.append([enough('completed_profiles'), profiles]) -%}
  {%- do rules.append(['false', ['avg_dau']]) -%}
{%- else -%}
  {%- do rules.append(['false', signups + stock + ['avg_dau'] + types + sums]) -%}
{%- endif -%}
{%- set body = caller() -%}
{%- call published(
  columns=[start, 'is_complete'] + signups + stock + [au, au ~ '_social', 'avg_dau'] + types + sums
    + ['finder_' ~ au, 'standard_' ~ au] + of_movements + profiles,
  rules=rules,
  rates=['signup_growth_rate', 'user_growth_rate', 'avg_dau', 'avg_activities_per_user', 'avg_engagement_score', 'retention_rate', 'churn_rate',
    'profile_completion_rate'],
  joined=told_months
) -%}
{{ body }}
{%- endcall -%}
{%- endmacro %}
