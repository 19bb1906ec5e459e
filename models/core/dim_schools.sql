{{ config(
    materialized='incremental',
    incremental_strategy='difference',
    unique_key='school_id',
    on_schema_change='sync_all_columns',
    indexes=[{'columns': ['school_id'], 'unique': true}]
) }}

select
  schools.id as school_id,
  {{ blank_to_null('schools.name') }}::text as school_name,
  {{ blank_to_null('schools.location') }}::text as location,
  {{ is_deleted('schools', 'moment.as_of') }} as is_deleted
from {{ source('chemlink', 'schools') }} as schools
cross join {{ ref('as_of') }} as moment
where schools.created_at <= moment.as_of
