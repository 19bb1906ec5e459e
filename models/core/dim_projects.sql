{{ config(
    materialized='incremental',
    incremental_strategy='difference',
    unique_key='project_id',
    on_schema_change='sync_all_columns',
    indexes=[{'columns': ['project_id'], 'unique': true}]
) }}

select
  projects.id as project_id,
  {{ blank_to_null('projects.name') }}::text as project_name,
  {{ is_deleted('projects', 'moment.as_of') }} as is_deleted
from {{ source('chemlink', 'projects') }} as projects
cross join {{ ref('as_of') }} as moment
where projects.created_at <= moment.as_of
