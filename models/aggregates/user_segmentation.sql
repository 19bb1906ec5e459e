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

select
  user_type,
  engagement_level,
  user_lifecycle_stage,
  users,
  share
from metrics
