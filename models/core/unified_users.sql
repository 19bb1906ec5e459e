{# The user at as_of: a view, so that a day that goes by writes no row of those to whom nothing has happened. #}
{{ config(materialized='view') }}

select
  users.user_key,
  users.chemlink_id,
  users.engagement_person_id,
  users.email_hash,
  users.email_domain,
  users.country,
  users.company_id,
  users.role_id,
  users.has_finder,
  users.user_type,
  users.experience_count,
  users.education_count,
  users.language_count,
  users.profile_completion_score,
  users.posts_created,
  users.comments_made,
  users.votes_cast,
  users.collections_created,
  users.collection_adds,
  users.mentions_received,
  users.groups_joined,
  users.views_given,
  users.engagement_score,
  users.engagement_level,
  users.profile_updates,
  users.signup_date,
  users.first_activity_date,
  users.last_activity_date,
  users.first_post_date,
  users.first_vote_date,
  moment.as_of_date - {{ local_date('users.signup_date') }} as days_since_signup,
  users.days_to_first_activity,
  users.is_activated,
  users.activated_at,
  case
    when coalesce(users.last_activity_date, users.signup_date) < moment.as_of - {{ n_days(90) }} then 'CHURNED'
    when coalesce(users.last_activity_date, users.signup_date) < moment.as_of - {{ n_days(30) }} then 'DORMANT'
    when users.is_activated then 'ENGAGED'
    when users.signup_date >= moment.as_of - {{ n_days(7) }} then 'NEW'
    else 'ONBOARDING'
  end as user_lifecycle_stage,
  users.is_test_account,
  users.is_deleted,
  users.is_real_account,
  users.created_at,
  users.updated_at,
  users.deleted_at
from {{ ref('user_facts') }} as users
cross join {{ ref('as_of') }} as moment
