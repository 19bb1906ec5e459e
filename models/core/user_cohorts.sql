{{ config(indexes=[{'columns': ['cohort_month'], 'unique': true}]) }}

-- Whoever left later is still a member of the cohort.
with members as (

  select
    signups.cohort_month,
    users.user_type,
    users.profile_completion_score,
    users.experience_count,
    users.education_count,
    users.is_activated,
    {{ local_date('users.activated_at') }} - signups.signup_on as days_to_activation
  from {{ ref('history_signups') }} as signups
  join {{ ref('unified_users') }} as users on users.user_key = signups.user_key

),

cohorts as (

  select
    cohort_month,
    count(*) as total_users,
    count(*) filter (where user_type = 'FINDER') as finder_users,
    count(*) filter (where user_type = 'STANDARD') as standard_users,
    avg(profile_completion_score)::numeric(12, 2) as avg_profile_completion,
    avg(experience_count)::numeric(12, 2) as avg_experience_count,
    avg(education_count)::numeric(12, 2) as avg_education_count,
    count(*) filter (where is_activated) as activated_users,
    (percentile_cont(0.5) within group (order by days_to_activation))::numeric(12, 2) as median_days_to_activation,
    (percentile_cont(0.9) within group (order by days_to_activation))::numeric(12, 2) as p90_days_to_activation
  from members
  group by cohort_month

)

select
  cohort_month,
  total_users,
  finder_users,
  standard_users,
  avg_profile_completion,
  avg_experience_count,
  avg_education_count,
  activated_users,
  {{ percentage('activated_users', 'total_users') }} as activation_rate,
  median_days_to_activation,
  p90_days_to_activation
from cohorts
