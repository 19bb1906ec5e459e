{# The source overwrites persons.updated_at, so that each value that a run has seen is kept for good: rows are only added,
   and a full refresh does not begin again (full_refresh is false). #}
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    full_refresh=false,
    indexes=[
      {'columns': ['chemlink_id', 'updated_at'], 'unique': true},
      {'columns': ['updated_at']}
    ]
) }}

select
  persons.id as chemlink_id,
  persons.updated_at,
  persons._synced_at as seen_at
from {{ source('chemlink', 'persons') }} as persons
where persons.updated_at > persons.created_at
{% if is_incremental() %}
  and not exists (
    select 1
    from {{ this }} as seen
    where seen.chemlink_id = persons.id
      and seen.updated_at = persons.updated_at
  )
{% endif %}
