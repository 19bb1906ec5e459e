{# What may be known of a vote further on: which way it went, and, as a keyed hash, which search it is about. #}
{{ config(materialized='view') }}

select
  votes.id::text as source_id,
  {{ blank_to_null('votes.type::text') }} as vote_type,
  {{ keyed_hash(blank_to_null('votes.search_key')) }} as search_hash
from {{ source('chemlink', 'query_votes') }} as votes
