{# Who there is at as_of, and the moments that every rule about people needs: sign-up, deletion, the link to the social platform, test or not. #}
{{ config(
    materialized='incremental',
    incremental_strategy='difference',
    unique_key='chemlink_id',
    on_schema_change='sync_all_columns',
    indexes=[
      {'columns': ['user_key'], 'unique': true},
      {'columns': ['chemlink_id'], 'unique': true}
    ]
) }}

with persons as (

  select
    persons.id as chemlink_id,
    persons.person_id as user_key,
    persons.created_at as signup_at,
    -- What lies after as_of has not happened.
    case when {{ deleted_at('persons') }} <= moment.as_of then {{ deleted_at('persons') }} end as deleted_at,
    -- Without case, once a person and not once a pattern, as ILIKE would.
    lower({{ blank_to_null('persons.email') }}) as email
  from {{ source('chemlink', 'persons') }} as persons
  cross join {{ ref('as_of') }} as moment
  where persons.created_at <= moment.as_of

),

test_persons as (

  select distinct persons.chemlink_id
  from persons
  join {{ ref('test_accounts') }} as patterns on persons.email like lower(patterns.pattern)

)

select
  persons.user_key,
  persons.chemlink_id,
  links.engagement_person_id,
  links.created_at as engagement_account_created_at,
  persons.signup_at,
  persons.deleted_at,
  test_persons.chemlink_id is not null as is_test_account
from persons
left join {{ ref('engagement_links') }} as links on links.chemlink_id = persons.chemlink_id
left join test_persons on test_persons.chemlink_id = persons.chemlink_id
