{# Everyone who was a real account at sign-up, and the local dates between which they stayed one. #}
{{ config(materialized='ephemeral') }}

select
  users.user_key,
  users.user_type,
  {{ local_month('users.signup_date') }} as cohort_month,
  {{ local_date('users.signup_date') }} as signup_on,
  {{ local_date('users.deleted_at') }} as deleted_on
from {{ ref('unified_users') }} as users
where not users.is_test_account
  and (users.deleted_at is null or users.deleted_at > users.signup_date)
