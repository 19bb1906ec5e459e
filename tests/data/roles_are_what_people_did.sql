{{ config(enabled=var('min_cell') | int <= 1) }}

-- top_roles, from the copied rows: roles of one title are one, a deleted one keeps its title.
with real_experiences as (

  select experiences.*
  from {{ source('chemlink', 'experiences') }} as experiences
  cross join {{ ref('as_of') }} as moment
  where {{ is_there('experiences', 'moment.as_of') }}
    and experiences.person_id in (
      select chemlink_id from {{ ref('accounts') }} where not is_test_account and deleted_at is null
    )

),

expected as (

  select
    {{ blank_to_null('roles.title') }} as role_title,
    count(distinct real_experiences.person_id) as users,
    count(distinct real_experiences.company_id) as companies,
    count(*) as experiences
  from real_experiences
  join {{ source('chemlink', 'roles') }} as roles on roles.id = real_experiences.role_id
  cross join {{ ref('as_of') }} as moment
  where roles.created_at <= moment.as_of
  group by 1
  having {{ blank_to_null('roles.title') }} is not null

)

{{ rows_that_differ('expected', ref('top_roles')) }}
