{{ config(indexes=[{'columns': ['intent'], 'unique': true}]) }}

with intents as (

  select
    coalesce(intent, 'Unknown') as intent,
    count(*) as searches
  from {{ ref('searches') }}
  group by 1

),

shares as (

  select
    intent,
    searches,
    {{ percentage('searches', 'sum(searches) over ()') }} as share
  from intents

)

select * from shares
