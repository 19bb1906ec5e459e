{{ config(indexes=[{'columns': ['metric_month', 'country'], 'unique': true}, {'columns': ['country']}]) }}

with months as (

  {{ period_series('month') | indent(2) }}

),

metrics as (

  select
    user_months.metric_month,
    coalesce(users.country, 'Unknown') as country,
    count(*) as mau
  from {{ ref('user_months') }} as user_months
  -- Months before anybody has signed up are in no series.
  join months on months.metric_month = user_months.metric_month
  join {{ ref('unified_users') }} as users on users.user_key = user_months.user_key
  where user_months.total_activities > 0
  group by 1, 2

)

{% call published(
  columns=['metric_month', 'country', 'mau'],
  rules=[[enough_of_a_whole('mau', whole='metric_month', order='country'), ['mau']]],
  rows='cells.shows_1'
) -%}
select * from metrics
{%- endcall %}
