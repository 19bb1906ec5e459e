{{ config(
    materialized='incremental',
    incremental_strategy='difference',
    unique_key='role_id',
    on_schema_change='sync_all_columns',
    indexes=[{'columns': ['role_id'], 'unique': true}]
) }}

select
  roles.id as role_id,
  {{ blank_to_null('roles.title') }}::text as role_title,
  {{ is_deleted('roles', 'moment.as_of') }} as is_deleted
from {{ source('chemlink', 'roles') }} as roles
cross join {{ ref('as_of') }} as moment
where roles.created_at <= moment.as_of
