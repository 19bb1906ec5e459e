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

{% call published(
  columns=['intent', 'searches', 'share'],
  rules=[[enough_of_a_whole('searches', order='intent'), ['searches', 'share']]],
  rates=['share'],
  rows='cells.shows_1'
) -%}
select * from shares
{%- endcall %}
