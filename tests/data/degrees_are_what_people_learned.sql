{{ config(enabled=var('min_cell') | int <= 1) }}

-- education_distribution, from the copied rows: degrees of one name are one, whatever their type, a deleted one keeps its name.
with studies as (

  select education.person_id, education.school_id, {{ blank_to_null('degrees.name') }} as degree_name
  from {{ source('chemlink', 'education') }} as education
  cross join {{ ref('as_of') }} as moment
  join {{ source('chemlink', 'degrees') }} as degrees
    on degrees.id = education.degree_id
    and degrees.created_at <= moment.as_of
  where {{ is_there('education', 'moment.as_of') }}
    and education.person_id in (
      select chemlink_id from {{ ref('accounts') }} where not is_test_account and deleted_at is null
    )

),

expected as (

  select degree_name, count(distinct person_id) as users, count(distinct school_id) as schools
  from studies
  where degree_name is not null
  group by degree_name

)

{{ rows_that_differ('expected', ref('education_distribution')) }}
