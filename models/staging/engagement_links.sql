{# Which ChemLink person each account of the social platform belongs to, or why to none. #}
{{ config(
    materialized='incremental',
    incremental_strategy='difference',
    unique_key='engagement_person_id',
    on_schema_change='sync_all_columns',
    indexes=[
      {'columns': ['engagement_person_id'], 'unique': true},
      {'columns': ['chemlink_id'], 'unique': true}
    ]
) }}

with engagement_persons as (

  select
    persons.id as engagement_person_id,
    {{ blank_to_null('persons.external_id') }} as external_id,
    persons.created_at,
    {{ deleted_at('persons') }} as deleted_at
  from {{ source('engagement', 'persons') }} as persons
  cross join {{ ref('as_of') }} as moment
  where persons.created_at <= moment.as_of

),

keyed_persons as (

  -- As a uuid: whoever it names is found by it without a look at 36 letters.
  select
    engagement_persons.*,
    case
      when external_id ~ '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$' then external_id::uuid
    end as person_key
  from engagement_persons

),

chemlink_persons as (

  select
    persons.id as chemlink_id,
    persons.person_id as user_key
  from {{ source('chemlink', 'persons') }} as persons
  cross join {{ ref('as_of') }} as moment
  where persons.created_at <= moment.as_of

),

matched as (

  select
    keyed_persons.engagement_person_id,
    keyed_persons.external_id,
    keyed_persons.person_key,
    keyed_persons.created_at,
    keyed_persons.deleted_at,
    chemlink_persons.chemlink_id,
    chemlink_persons.user_key,
    -- Of several accounts of one person the oldest links, deleted or not.
    row_number() over (
      partition by chemlink_persons.user_key
      order by keyed_persons.created_at, keyed_persons.engagement_person_id
    ) as account_order
  from keyed_persons
  left join chemlink_persons on chemlink_persons.user_key = keyed_persons.person_key

)

select
  engagement_person_id,
  case when account_order = 1 then chemlink_id end as chemlink_id,
  case when account_order = 1 then user_key end as user_key,
  case
    when external_id is null then 'external_id_null'
    when person_key is null then 'external_id_malformed'
    when user_key is null then 'external_id_unmatched'
    when account_order > 1 then 'duplicate_external_id'
  end as orphan_reason,
  created_at,
  deleted_at
from matched
