{{ config(indexes=[{'columns': ['metric_month', 'activity_type'], 'unique': true}]) }}

with months as (

  {{ period_series('month') | indent(2) }}

),

user_months as (

  select user_months.*
  from {{ ref('user_months') }} as user_months
  join months on months.metric_month = user_months.metric_month

),

active as (

  select
    metric_month,
    count(*) as mau
  from user_months
  where total_activities > 0
  group by metric_month

),

by_type as (

  {% for type in activity_types() -%}
  select
    metric_month,
    '{{ type }}'::text as activity_type,
    count(*) as unique_users,
    sum({{ type }}_count)::bigint as total_activities
  from user_months
  where {{ type }}_count > 0
  group by metric_month
  {{ 'union all' if not loop.last }}
  {% endfor %}
)

{% call published(
  columns=['metric_month', 'activity_type', 'unique_users', 'total_activities', 'share_of_users'],
  rules=[[enough('unique_users'), ['unique_users', 'total_activities', 'share_of_users']]],
  rates=['share_of_users']
) -%}
select
  by_type.metric_month,
  by_type.activity_type,
  by_type.unique_users,
  by_type.total_activities,
  {{ percentage('by_type.unique_users', 'active.mau') }} as share_of_users
from by_type
join active on active.metric_month = by_type.metric_month
{%- endcall %}
