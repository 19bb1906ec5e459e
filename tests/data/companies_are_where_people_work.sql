{{ config(enabled=var('min_cell') | int <= 1) }}

-- top_companies, from the copied rows: companies of one name are one, a deleted one keeps its name.
with companies as (

  select companies.id, {{ blank_to_null('companies.name') }} as company_name
  from {{ source('chemlink', 'companies') }} as companies
  cross join {{ ref('as_of') }} as moment
  where companies.created_at <= moment.as_of

),

real_people as (

  select persons.id, persons.company_id
  from {{ source('chemlink', 'persons') }} as persons
  join {{ ref('accounts') }} as accounts on accounts.chemlink_id = persons.id
  where not accounts.is_test_account
    and accounts.deleted_at is null

),

ties as (

  select companies.company_name, real_people.id as person_id, true as is_present
  from real_people
  join companies on companies.id = real_people.company_id

  union all

  select companies.company_name, experiences.person_id, false as is_present
  from {{ source('chemlink', 'experiences') }} as experiences
  cross join {{ ref('as_of') }} as moment
  join companies on companies.id = experiences.company_id
  where {{ is_there('experiences', 'moment.as_of') }}
    and experiences.person_id in (select id from real_people)

),

expected as (

  select
    company_name,
    count(*) filter (where is_present) as users,
    count(*) filter (where not is_present) as experiences,
    count(distinct person_id) filter (where not is_present) as people_with_experience
  from ties
  group by company_name
  having company_name is not null

)

{{ rows_that_differ('expected', ref('top_companies')) }}
