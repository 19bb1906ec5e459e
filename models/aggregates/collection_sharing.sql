{{ config(indexes=[{'columns': ['access_type'], 'unique': true}]) }}

with sharing as (

  select
    coalesce(shares.access_type, 'Not set') as access_type,
    count(*) as shares,
    count(distinct shares.collection_id) as collections
    {%- if hides_small_cells() %},
    count(distinct shares.user_key) as sharers
    {%- endif %}
  from {{ ref('collection_shares') }} as shares
  join {{ ref('unified_users') }} as users
    on users.user_key = shares.user_key
    and users.is_real_account
  group by 1

)

{%- call published(
  columns=['access_type', 'shares', 'collections'],
  rules=[[enough_of_a_whole('sharers', order='access_type'), ['shares', 'collections']]]
) -%}
select * from sharing
{%- endcall %}
