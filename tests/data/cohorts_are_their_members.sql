{{ config(enabled=var('min_cell') | int <= 1) }}

-- Profiles of a cohort are its members', and activation is their journeys'.
with members as (

  select
    {{ local_month('users.signup_date') }} as cohort_month,
    users.*,
    journey.days_since_signup as days_to_activation,
    extract(epoch from journey.event_at - users.signup_date) / 86400 as exact_days_to_activation,
    extract(epoch from moment.as_of - users.signup_date) / 86400 as age
  from {{ ref('unified_users') }} as users
  cross join {{ ref('as_of') }} as moment
  left join {{ ref('user_journey_events') }} as journey
    on journey.user_key = users.user_key
    and journey.event_type = 'activated'
  where users.is_test_account is false
    and coalesce(users.deleted_at > users.signup_date, true)

),

expected as (

  select
    cohort_month,
    count(*) as total_users,
    sum(has_finder::int) as finder_users,
    sum((not has_finder)::int) as standard_users,
    round(sum(profile_completion_score)::numeric / count(*), 2) as avg_profile_completion,
    round(sum(experience_count)::numeric / count(*), 2) as avg_experience_count,
    round(sum(education_count)::numeric / count(*), 2) as avg_education_count,
    count(days_to_activation) as activated_users,
    round(100.0 * count(days_to_activation) / count(*), 2) as activation_rate,
    (percentile_cont(0.5) within group (order by days_to_activation))::numeric(12, 2) as median_days_to_activation,
    (percentile_cont(0.9) within group (order by days_to_activation))::numeric(12, 2) as p90_days_to_activation,
    {% for days in [1, 7, 30, 90] -%}
    count(*) filter (where exact_days_to_activation <= {{ days }}) as activated_{{ days }}d,
    case
      when min(age) >= {{ days }} then round(100.0 * count(*) filter (where exact_days_to_activation <= {{ days }}) / count(*), 2)
    end as activation_rate_{{ days }}d,
    {% endfor -%}
    case
      when min(age) >= 90
        then (
          percentile_cont(0.5) within group (order by case when exact_days_to_activation <= 90 then days_to_activation end)
        )::numeric(12, 2)
    end as median_of_90d,
    case
      when min(age) >= 90
        then (
          percentile_cont(0.9) within group (order by case when exact_days_to_activation <= 90 then days_to_activation end)
        )::numeric(12, 2)
    end as p90_of_90d
  from members
  group by cohort_month

),

actual as (

  select
    cohorts.*,
    {% for days in [1, 7, 30, 90] -%}
    activation.activated_{{ days }}d,
    activation.activation_rate_{{ days }}d,
    {% endfor -%}
    activation.median_days_to_activation as median_of_90d,
    activation.p90_days_to_activation as p90_of_90d
  from {{ ref('user_cohorts') }} as cohorts
  full join {{ ref('cohort_activation') }} as activation on activation.cohort_month = cohorts.cohort_month

)

{{ rows_that_differ('expected', 'actual') }}
