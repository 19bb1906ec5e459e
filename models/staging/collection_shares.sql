{# The shares of collections that are there at as_of, each with who shared (not with whom). Only the share's own deletion counts. #}
{{ config(materialized='view') }}

select
  shares.id as share_id,
  shares.collection_id,
  accounts.user_key,
  {{ blank_to_null('shares.access_type') }}::text as access_type,
  shares.created_at as shared_at
from {{ source('chemlink', 'collection_collaborators') }} as shares
cross join {{ ref('as_of') }} as moment
join {{ ref('accounts') }} as accounts on accounts.chemlink_id = shares.added_by
where {{ is_there('shares', 'moment.as_of') }}
