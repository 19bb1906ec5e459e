{{ config(indexes=[{'columns': ['user_type', 'engagement_level', 'user_lifecycle_stage'], 'unique': true}]) }}

with segments as (

  select
    user_type,
    engagement_level,
    user_lifecycle_stage,
    count(*) as users
  from {{ ref('unified_users') }}
  where is_real_account
  group by user_type, engagement_level, user_lifecycle_stage

),

metrics as (

  select
    segments.*,
    {{ percentage('users', 'sum(users) over ()') }} as share
  from segments

)

{# The types' sums are known from the funnel, everyone's too. #}
{%- set segment = 'user_type, engagement_level, user_lifecycle_stage' -%}
{%- call published(
  columns=['user_type', 'engagement_level', 'user_lifecycle_stage', 'users', 'share'],
  rules=[
    [enough_of_a_whole('users', whole='user_type', order=segment), ['users', 'share']],
    [enough_of_a_whole('users', order=segment), ['users', 'share']]
  ],
  rates=['share']
) -%}
select
  user_type,
  engagement_level,
  user_lifecycle_stage,
  users,
  share
from metrics
{%- endcall %}
