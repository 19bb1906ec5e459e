{{ config(enabled=var('min_cell') | int <= 1) }}

-- account_funnel, from how far each real account came: its first step that is missing, looked up in the copied rows.
with steps as (

  select * from (
    values
    (1, 'signed_up'), (2, 'basic_info'), (3, 'headline'), (4, 'location'), (5, 'company'),
    (6, 'linkedin'), (7, 'experience'), (8, 'education'), (9, 'finder'), (10, 'activated')
  ) as steps (step_order, step)

),

{% for table in ['experiences', 'education'] -%}
people_with_{{ table }} as (

  select distinct records.person_id
  from {{ source('chemlink', table) }} as records
  cross join {{ ref('as_of') }} as moment
  where {{ is_there('records', 'moment.as_of') }}

),

{% endfor -%}
-- Activated from sign-up on: only then is the moment known.
account_steps as (

  select
    users.user_key,
    steps.step_order,
    steps.step,
    case steps.step
      when 'signed_up' then true
      when 'basic_info'
        then num_nulls(
          {{ blank_to_null('persons.first_name') }}, {{ blank_to_null('persons.last_name') }}, {{ blank_to_null('persons.email') }}
        ) = 0
      when 'headline' then char_length(coalesce({{ blank_to_null('persons.headline_description') }}, '')) >= 11
      when 'location' then num_nulls(persons.location_id) = 0
      when 'company' then num_nulls(persons.company_id) = 0
      when 'linkedin' then num_nulls({{ blank_to_null('persons.linked_in_url') }}) = 0
      when 'experience' then people_with_experiences.person_id is not null
      when 'education' then people_with_education.person_id is not null
      when 'finder' then coalesce(persons.has_finder, false)
      when 'activated' then users.activated_at is not null
    end as is_done
  from {{ ref('unified_users') }} as users
  cross join steps
  join {{ source('chemlink', 'persons') }} as persons on persons.id = users.chemlink_id
  left join people_with_experiences on people_with_experiences.person_id = users.chemlink_id
  left join people_with_education on people_with_education.person_id = users.chemlink_id
  where users.is_real_account

),

first_missing as (

  select user_key, coalesce(min(step_order) filter (where not is_done), 11) as missing_order
  from account_steps
  group by user_key

),

counted as (

  select
    steps.step_order,
    steps.step,
    count(*) filter (where account_steps.is_done) as users,
    count(*) filter (where first_missing.missing_order > steps.step_order) as users_in_sequence
  from steps
  left join account_steps on account_steps.step_order = steps.step_order
  left join first_missing on first_missing.user_key = account_steps.user_key
  group by steps.step_order, steps.step

),

expected as (

  select
    counted.step_order,
    counted.step,
    counted.users,
    round(100.0 * counted.users / nullif(everyone.users, 0), 2) as rate_of_total,
    counted.users_in_sequence,
    round(100.0 * counted.users_in_sequence / nullif(before.users_in_sequence, 0), 2) as rate_of_previous
  from counted
  join counted as everyone on everyone.step_order = 1
  left join counted as before on before.step_order = counted.step_order - 1

)

{{ rows_that_differ('expected', ref('account_funnel')) }}
