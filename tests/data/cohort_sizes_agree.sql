{{ config(enabled=var('min_cell') | int <= 1) }}

-- A cohort has one size: in user_cohorts, cohort_activation, cohort_retention and as the month's sign-ups.
with sizes as (

  select 'user_cohorts' as model, cohort_month, total_users as cohort_size from {{ ref('user_cohorts') }}
  union all
  select 'cohort_activation', cohort_month, cohort_size from {{ ref('cohort_activation') }}
  union all
  select distinct 'cohort_retention', cohort_month, cohort_size from {{ ref('cohort_retention') }}

)

select coalesce(sizes.model, 'no cohort') as model, months.metric_month, sizes.cohort_size, months.new_signups
from (select * from {{ ref('monthly_metrics') }} where new_signups > 0) as months
full join sizes on sizes.cohort_month = months.metric_month
where months.new_signups is distinct from sizes.cohort_size

union all

-- Only a cohort's weeks may be too young to be shown.
select 'number of cohorts', null, counts.cohorts, counts.activations
from (
  select
    (select count(*) from {{ ref('user_cohorts') }}) as cohorts,
    (select count(*) from {{ ref('cohort_activation') }}) as activations
) as counts
where counts.cohorts <> counts.activations
