{{ config(enabled=var('min_cell') | int <= 1) }}

-- top_projects, from the copied rows: projects of one name are one, a deleted one keeps its name.
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
    {{ blank_to_null('projects.name') }} as project_name,
    count(distinct real_experiences.person_id) as people,
    count(*) as experiences
  from real_experiences
  join {{ source('chemlink', 'projects') }} as projects on projects.id = real_experiences.project_id
  cross join {{ ref('as_of') }} as moment
  where projects.created_at <= moment.as_of
  group by 1
  having {{ blank_to_null('projects.name') }} is not null

)

{{ rows_that_differ('expected', ref('top_projects')) }}
