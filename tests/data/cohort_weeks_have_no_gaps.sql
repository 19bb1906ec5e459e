-- A cohort's weeks run from 0, and the cumulative share never rises.
select *
from (
  select
    cohort_month,
    weeks_since_signup,
    row_number() over cohort as expected_next,
    cumulative_retained_users > lag(cumulative_retained_users) over cohort as rises
  from {{ ref('cohort_retention') }}
  window cohort as (partition by cohort_month order by weeks_since_signup)
) as weeks
where weeks_since_signup <> expected_next - 1
  or rises
