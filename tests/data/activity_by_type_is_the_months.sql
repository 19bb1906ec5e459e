{{ config(enabled=var('min_cell') | int <= 1) }}

-- A type's row says what monthly_metrics counts for it and how many users did it; a type that nobody did has none.
with expected as (

  {% for type in activity_types() -%}
  select
    months.metric_month,
    '{{ type }}' as activity_type,
    count(users.user_key) as unique_users,
    months.{{ type }}_count as total_activities,
    round(100.0 * count(users.user_key) / months.mau, 2) as share_of_users
  from {{ ref('monthly_metrics') }} as months
  left join {{ ref('user_months') }} as users
    on users.metric_month = months.metric_month
    and users.{{ type }}_count <> 0
  where months.{{ type }}_count <> 0
  group by months.metric_month, months.{{ type }}_count, months.mau
  {{ 'union all' if not loop.last }}
  {% endfor %}
)

{{ rows_that_differ('expected', ref('activity_by_type')) }}
