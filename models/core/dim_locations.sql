{{ config(
    materialized='incremental',
    incremental_strategy='difference',
    unique_key='location_id',
    on_schema_change='sync_all_columns',
    indexes=[{'columns': ['location_id'], 'unique': true}]
) }}

select
  locations.id as location_id,
  {{ blank_to_null('locations.country') }}::text as country,
  {{ blank_to_null('locations.city') }}::text as city,
  {{ is_deleted('locations', 'moment.as_of') }} as is_deleted
from {{ source('chemlink', 'locations') }} as locations
cross join {{ ref('as_of') }} as moment
where locations.created_at <= moment.as_of
