{{ config(enabled=var('min_cell') | int <= 1) }}

-- search_intents, counted from the copied searches, everyone's.
with expected as (

  select
    coalesce({{ blank_to_null('searches.intent') }}, 'Unknown') as intent,
    count(*) as searches,
    round(100.0 * count(*) / (sum(count(*)) over ()), 2) as share
  from {{ source('chemlink', 'query_embeddings') }} as searches
  cross join {{ ref('as_of') }} as moment
  where {{ is_there('searches', 'moment.as_of') }}
  group by 1

)

{{ rows_that_differ('expected', ref('search_intents')) }}
