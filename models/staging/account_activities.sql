{# The activities of people who are there, deleted or not and in the future too, each with its account's moments. What `core` publishes is
   what of this has happened and is not deleted at as_of; `ai` looks at it from moments of its own. #}
{{ config(materialized='view') }}

select
  activities.event_id,
  accounts.user_key,
  activities.activity_type,
  activities.is_activity,
  activities.activity_at,
  -- Before its engagement account was there, the activity was nobody's.
  greatest(activities.activity_at, links.created_at) as known_from,
  activities.deleted_at,
  activities.source_database,
  activities.source_table,
  activities.source_id,
  activities.metadata,
  accounts.signup_at,
  accounts.deleted_at as account_deleted_at,
  accounts.is_test_account
from {{ ref('activities') }} as activities
left join {{ ref('engagement_links') }} as links on links.engagement_person_id = activities.engagement_person_id
join {{ ref('accounts') }} as accounts on accounts.chemlink_id = coalesce(activities.chemlink_id, links.chemlink_id)
