{{ config(
    materialized='materialized_view',
    indexes=[
      {'columns': ['user_id'], 'unique': true},
      {'columns': ['engagement_level', 'user_type']},
      {'columns': ['engagement_score']}
    ]
) }}

with users as (

  select
    users.*,
    {{ local_date('users.last_activity_date') }} as last_active_on
  from {{ ref('unified_users') }} as users
  where users.is_real_account

)

select
  {{ keyed_hash('users.user_key') }} as user_id,
  users.engagement_score,
  users.engagement_level,
  users.posts_created + users.comments_made + users.groups_joined + users.votes_cast + users.collections_created
    + users.collection_adds + users.views_given as total_activities,
  users.last_active_on as last_activity_date,
  moment.as_of_date - users.last_active_on as days_since_last_activity,
  users.user_type
from users
cross join {{ ref('as_of') }} as moment
