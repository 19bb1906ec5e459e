{{ config(
    materialized='incremental',
    incremental_strategy='difference',
    unique_key='company_id',
    on_schema_change='sync_all_columns',
    indexes=[{'columns': ['company_id'], 'unique': true}]
) }}

select
  companies.id as company_id,
  {{ blank_to_null('companies.name') }}::text as company_name,
  {{ is_deleted('companies', 'moment.as_of') }} as is_deleted
from {{ source('chemlink', 'companies') }} as companies
cross join {{ ref('as_of') }} as moment
where companies.created_at <= moment.as_of
