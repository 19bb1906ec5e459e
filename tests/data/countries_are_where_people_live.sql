{{ config(enabled=var('min_cell') | int <= 1) }}

-- geographic_distribution, from the copied persons and locations; a deleted location keeps its country.
with people as (

  select
    persons.id,
    persons.company_id,
    coalesce({{ blank_to_null('locations.country') }}, 'Unknown') as country
  from {{ source('chemlink', 'persons') }} as persons
  cross join {{ ref('as_of') }} as moment
  join {{ ref('accounts') }} as accounts on accounts.chemlink_id = persons.id
  left join {{ source('chemlink', 'locations') }} as locations
    on locations.id = persons.location_id
    and locations.created_at <= moment.as_of
  where not accounts.is_test_account
    and accounts.deleted_at is null

),

expected as (

  select
    people.country,
    count(*) as users,
    count(distinct people.company_id) as companies,
    round(100.0 * count(*) / (select count(*) from people), 2) as share
  from people
  group by people.country

)

{{ rows_that_differ('expected', ref('geographic_distribution')) }}
