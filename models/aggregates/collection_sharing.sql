{{ config(indexes=[{'columns': ['access_type'], 'unique': true}]) }}

with sharing as (

  select
    coalesce(shares.access_type, 'Not set') as access_type,
    count(*) as shares,
    count(distinct shares.collection_id) as collections
  from {{ ref('collection_shares') }} as shares
  join {{ ref('unified_users') }} as users
    on users.user_key = shares.user_key
    and users.is_real_account
  group by 1

)

select * from sharing
