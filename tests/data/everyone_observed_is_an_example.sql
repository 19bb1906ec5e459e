-- Whoever was real 30 days after sign-up is in the training data or is scored; of those 7 days after sign-up, whoever had not activated.
with observed as (

  select
    accounts.user_key,
    {{ keyed_hash('accounts.user_key') }} as example_id,
    accounts.signup_at + {{ n_days(7) }} <= moment.as_of
    and (accounts.deleted_at is null or accounts.deleted_at > accounts.signup_at + {{ n_days(7) }}) as after_7d,
    accounts.signup_at + {{ n_days(30) }} <= moment.as_of
    and (accounts.deleted_at is null or accounts.deleted_at > accounts.signup_at + {{ n_days(30) }}) as after_30d
  from {{ ref('accounts') }} as accounts
  cross join {{ ref('as_of') }} as moment
  where not accounts.is_test_account

),

activated as (

  select distinct user_key
  from {{ ref('account_activities') }}
  where {{ is_activating('activity_type') }}
    and activity_at >= signup_at
    and known_from <= signup_at + {{ n_days(7) }}
    and (deleted_at is null or deleted_at > signup_at + {{ n_days(7) }})

),

expected as (

  select 'activation' as dataset, observed.example_id
  from observed
  left join activated on activated.user_key = observed.user_key
  where observed.after_7d
    and activated.user_key is null
  union all
  select 'engagement', example_id
  from observed
  where after_30d

),

examples as (

  select 'activation' as dataset, example_id from {{ ref('training_data_activation') }}
  union all
  select 'activation', example_id from {{ ref('scoring_activation') }}
  union all
  select 'engagement', example_id from {{ ref('training_data_engagement') }}
  union all
  select 'engagement', example_id from {{ ref('scoring_engagement') }}

)

select coalesce(expected.dataset, examples.dataset) as dataset, coalesce(expected.example_id, examples.example_id) as example_id
from expected
full join examples
  on examples.dataset = expected.dataset
  and examples.example_id = expected.example_id
where expected.example_id is null
  or examples.example_id is null
