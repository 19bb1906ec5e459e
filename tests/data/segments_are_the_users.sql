{{ config(enabled=var('min_cell') | int <= 1) }}

-- The segments of a type and level are its users in user_engagement_levels, those of a stage the real accounts in it, and all of them are everyone.
with engaged as (

  select user_type, engagement_level, count(*) as users
  from {{ ref('user_engagement_levels') }}
  group by user_type, engagement_level

),

expected as (

  select user_type, engagement_level, null as user_lifecycle_stage, users, round(100.0 * users / sum(users) over (), 2) as share
  from engaged

  union all

  select null, null, user_lifecycle_stage, count(*), round(100.0 * count(*) / sum(count(*)) over (), 2)
  from {{ ref('unified_users') }}
  where not is_test_account
    and not is_deleted
  group by user_lifecycle_stage

),

everyone as (

  select count(*) as users
  from {{ ref('user_engagement_levels') }}

),

actual as (

  select
    segments.user_type,
    segments.engagement_level,
    segments.user_lifecycle_stage,
    sum(segments.users) as users,
    round(100.0 * sum(segments.users) / everyone.users, 2) as share
  from {{ ref('user_segmentation') }} as segments
  cross join everyone
  group by grouping sets (
    (segments.user_type, segments.engagement_level, everyone.users),
    (segments.user_lifecycle_stage, everyone.users)
  )

)

{{ rows_that_differ('expected', 'actual') }}

union all

select 'share', segments.user_type, segments.engagement_level, segments.user_lifecycle_stage, segments.users, segments.share
from {{ ref('user_segmentation') }} as segments
cross join everyone
where segments.share <> round(100.0 * segments.users / everyone.users, 2)
