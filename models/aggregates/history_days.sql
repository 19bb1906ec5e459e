{# What counts in history, a row a user and local day: of people who are no test accounts, until their account is deleted, be it before their
   sign-up. What a month looked like does not change when somebody leaves later. #}
{{ config(materialized='ephemeral') }}

select
  days.*,
  users.user_type,
  {{ local_month('users.signup_date') }} as cohort_month,
  {{ local_date('users.signup_date') }} as signup_on
from {{ ref('user_days') }} as days
join {{ ref('unified_users') }} as users on users.user_key = days.user_key
where not users.is_test_account
  and not days.is_after_deletion
