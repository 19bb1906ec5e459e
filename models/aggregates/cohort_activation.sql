{{ config(indexes=[{'columns': ['cohort_month'], 'unique': true}]) }}

{% set windows = [1, 7, 30, 90] %}

with members as (

  select
    signups.cohort_month,
    users.signup_date as signup_at,
    users.activated_at,
    {{ local_date('users.activated_at') }} - signups.signup_on as days_to_activation
  from {{ ref('history_signups') }} as signups
  join {{ ref('unified_users') }} as users on users.user_key = signups.user_key

),

cohorts as (

  select
    cohort_month,
    count(*) as cohort_size,
    max(signup_at) as last_signup_at,
    {% for days in windows -%}
    count(*) filter (where activated_at <= signup_at + {{ n_days(days) }}) as activated_{{ days }}d,
    {% endfor -%}
    {% for name, share in [('median', 0.5), ('p90', 0.9)] -%}
    percentile_cont({{ share }}) within group (order by days_to_activation)
      filter (where activated_at <= signup_at + {{ n_days(90) }}) as {{ name }}_days_to_activation{{ ',' if not loop.last }}
    {% endfor %}
  from members
  group by cohort_month

)

{% set told_months %}join ({{ told_signup_months() }}) as months on months.metric_month = cells.cohort_month{% endset -%}
{%- set activated = [] -%}
{%- set rates = [] -%}
{%- set rules = [] -%}
{%- for days in windows -%}
  {%- do activated.append('activated_' ~ days ~ 'd') -%}
  {%- do rates.append('activation_rate_' ~ days ~ 'd') -%}
  {%- do rules.append([enough('activated_' ~ days ~ 'd'), ['activated_' ~ days ~ 'd', 'activation_rate_' ~ days ~ 'd']]) -%}
{%- endfor -%}
{%- set medians = ['median_days_to_activation', 'p90_days_to_activation'] -%}
{%- call published(
  columns=['cohort_month', 'cohort_size'] + activated + rates + medians,
  rules=rules + [[enough('activated_90d'), medians], ['months.tells_signups', ['cohort_size'] + activated + rates + medians]],
  rates=rates + medians,
  joined=told_months
) -%}
select
  cohorts.cohort_month,
  cohorts.cohort_size,
  {% for days in windows -%}
  cohorts.activated_{{ days }}d,
  {% endfor -%}
  -- A rate is known when the cohort's last member has had the time.
  {% for days in windows -%}
  {{ percentage_when(
    'cohorts.last_signup_at + ' ~ n_days(days) ~ ' <= moment.as_of', 'cohorts.activated_' ~ days ~ 'd', 'cohorts.cohort_size'
  ) }} as activation_rate_{{ days }}d,
  {% endfor -%}
  {% for name in ['median', 'p90'] -%}
  (
    case when cohorts.last_signup_at + {{ n_days(90) }} <= moment.as_of then cohorts.{{ name }}_days_to_activation end
  )::numeric(12, 2) as {{ name }}_days_to_activation{{ ',' if not loop.last }}
  {% endfor %}
from cohorts
cross join {{ ref('as_of') }} as moment
{%- endcall %}
