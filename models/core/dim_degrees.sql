{{ config(
    materialized='incremental',
    incremental_strategy='difference',
    unique_key='degree_id',
    on_schema_change='sync_all_columns',
    indexes=[{'columns': ['degree_id'], 'unique': true}]
) }}

select
  degrees.id as degree_id,
  {{ blank_to_null('degrees.name') }}::text as degree_name,
  {{ blank_to_null('degrees.type') }}::text as degree_type,
  {{ is_deleted('degrees', 'moment.as_of') }} as is_deleted
from {{ source('chemlink', 'degrees') }} as degrees
cross join {{ ref('as_of') }} as moment
where degrees.created_at <= moment.as_of
