{{ config(
    materialized='incremental',
    incremental_strategy='difference',
    unique_key='glossary_id',
    on_schema_change='sync_all_columns',
    indexes=[{'columns': ['glossary_id'], 'unique': true}]
) }}

select
  glossary.id as glossary_id,
  {{ blank_to_null('glossary.term') }}::text as term,
  {{ blank_to_null('glossary.meaning') }} as meaning,
  {{ blank_to_null('glossary.category') }}::text as category,
  {{ blank_to_null('glossary.description') }} as description
from {{ source('chemlink', 'glossary') }} as glossary
cross join {{ ref('as_of') }} as moment
-- The source has no soft deletion: a term goes with its row.
where glossary.created_at <= moment.as_of
  and (glossary._source_deleted_at is null or glossary._source_deleted_at > moment.as_of)
