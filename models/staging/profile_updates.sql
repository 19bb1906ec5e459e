{{ config(materialized='view') }}

with bulk_imports as (

  -- Many people in one second are not people: counted over everyone and all that was ever seen, whatever as_of is.
  select date_trunc('second', updated_at) as import_second
  from {{ ref('profile_updates_seen') }}
  group by 1
  having count(distinct chemlink_id) > {{ var('bulk_update_threshold') }}

)

select
  seen.chemlink_id,
  seen.updated_at
from {{ ref('profile_updates_seen') }} as seen
left join bulk_imports on bulk_imports.import_second = date_trunc('second', seen.updated_at)
where bulk_imports.import_second is null
