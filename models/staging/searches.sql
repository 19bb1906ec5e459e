{# The searches that are there at as_of, everyone's: whose a search is, is not stored. #}
{{ config(materialized='view') }}

select
  searches.id as search_id,
  {{ blank_to_null('searches.intent') }}::text as intent,
  searches.created_at as searched_at
from {{ source('chemlink', 'query_embeddings') }} as searches
cross join {{ ref('as_of') }} as moment
where {{ is_there('searches', 'moment.as_of') }}
