{{ config(enabled=var('min_cell') | int <= 1) }}

-- collection_sharing, counted from the copied shares.
with expected as (

  select
    coalesce({{ blank_to_null('shares.access_type') }}, 'Not set') as access_type,
    count(*) as shares,
    count(distinct shares.collection_id) as collections
  from {{ source('chemlink', 'collection_collaborators') }} as shares
  cross join {{ ref('as_of') }} as moment
  where {{ is_there('shares', 'moment.as_of') }}
    and shares.added_by in (select chemlink_id from {{ ref('unified_users') }} where is_real_account)
  group by 1

)

{{ rows_that_differ('expected', ref('collection_sharing')) }}
