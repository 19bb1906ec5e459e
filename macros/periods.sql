{# The series of days, weeks and months that metrics run over, and what each user did in one of them. #}

{% macro start_of(period, date) -%}
  {#- Of a local date; through a timestamp without zone, since date_trunc of a date would go through the session's. -#}
  date_trunc('{{ period }}', ({{ date }})::timestamp)::date
{%- endmacro %}

{% macro next_start(period, start, steps=1) -%}
  {#- The first day of the period that many after the one that begins at `start`. -#}
  ({{ start }} + interval '{{ steps }} {{ period }}')::date
{%- endmacro %}

{% macro period_series(period) -%}
{#- Every period from the first sign-up of a real account to as_of, the first and the last partial: none is missing where nothing happened. -#}
select
  start_at::date as metric_{{ period }},
  {{ next_start(period, 'start_at') }} <= moment.as_of_date as is_complete
from {{ ref('as_of') }} as moment
cross join (select min(signup_on) as first_signup_on from {{ ref('history_signups') }}) as span
cross join lateral generate_series(
  date_trunc('{{ period }}', span.first_signup_on::timestamp),
  moment.as_of_date::timestamp,
  interval '1 {{ period }}'
) as start_at
{%- endmacro %}

{% macro user_periods(period) -%}
{#- One row a user and period with an event that counts in history. Every distinct count of users in a period is a plain count of these rows. -#}
select
  days.user_key,
  days.user_type,
  {{ start_of(period, 'days.activity_date') }} as metric_{{ period }},
  {% for type in activity_types() + ['profile_update'] -%}
  sum(days.{{ type }}_count)::bigint as {{ type }}_count,
  {% endfor -%}
  sum(days.total_activities)::bigint as total_activities,
  sum(days.activating_count)::bigint as activating_count,
  -- Days before the first sign-up are in no series of days.
  count(*) filter (where days.total_activities > 0 and days.activity_date >= span.first_signup_on) as active_days
from {{ ref('history_days') }} as days
cross join (select min(signup_on) as first_signup_on from {{ ref('history_signups') }}) as span
group by days.user_key, days.user_type, {{ start_of(period, 'days.activity_date') }}
{%- endmacro %}
