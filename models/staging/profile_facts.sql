{# What may be known of a profile further on: which parts of it are filled in, never with what. #}
{{ config(materialized='view') }}

with searchable_persons as (

  select distinct embeddings.person_id as chemlink_id
  from {{ source('chemlink', 'embeddings') }} as embeddings
  cross join {{ ref('as_of') }} as moment
  where {{ is_there('embeddings', 'moment.as_of') }}

)

select
  accounts.user_key,
  (
    {{ blank_to_null('persons.first_name') }} is not null
    and {{ blank_to_null('persons.last_name') }} is not null
    and {{ blank_to_null('persons.email') }} is not null
  ) as has_basic_info,
  {{ has_headline('persons') }} as has_headline,
  persons.location_id is not null as has_location,
  persons.company_id is not null as has_company,
  {{ blank_to_null('persons.linked_in_url') }} is not null as has_linkedin,
  searchable_persons.chemlink_id is not null as is_searchable
from {{ ref('accounts') }} as accounts
join {{ source('chemlink', 'persons') }} as persons on persons.id = accounts.chemlink_id
left join searchable_persons on searchable_persons.chemlink_id = accounts.chemlink_id
