{{ config(indexes=[{'columns': ['metric_month'], 'unique': true}]) }}

with months as (

  {{ period_series('month') | indent(2) }}

),

collections_by_month as (

  select
    {{ start_of('month', 'activity_date') }} as metric_month,
    count(*) as collections,
    count(*) filter (where metadata ->> 'privacy' = 'PUBLIC') as public_collections,
    count(*) filter (where metadata ->> 'privacy' = 'PRIVATE') as private_collections,
    count(*) filter (where metadata ->> 'privacy' is null) as unset_collections,
    count(distinct user_key) as collectors
    {%- if hides_small_cells() %},
    count(distinct user_key) filter (where metadata ->> 'privacy' = 'PUBLIC') as public_collectors,
    count(distinct user_key) filter (where metadata ->> 'privacy' = 'PRIVATE') as private_collectors,
    count(distinct user_key) filter (where metadata ->> 'privacy' is null) as unset_collectors
    {%- endif %}
  from {{ ref('history_activity') }}
  where activity_type = 'collection'
  group by 1

),

additions_by_month as (

  select
    {{ start_of('month', 'activity_date') }} as metric_month,
    sum(collection_add_count)::bigint as profiles_added
    {%- if hides_small_cells() %},
    count(distinct user_key) as adders
    {%- endif %}
  from {{ ref('history_days') }}
  where collection_add_count > 0
  group by 1

),

-- Who shares must be real at that moment, before sign-up too, as for an activity.
shares_by_month as (

  select
    {{ local_month('shares.shared_at') }} as metric_month,
    count(*) as shares,
    count(distinct shares.collection_id) as shared_collections
    {%- if hides_small_cells() %},
    count(distinct shares.user_key) as sharers
    {%- endif %}
  from {{ ref('collection_shares') }} as shares
  join {{ ref('unified_users') }} as users
    on users.user_key = shares.user_key
    and not users.is_test_account
    and (users.deleted_at is null or shares.shared_at < users.deleted_at)
  group by 1

),

metrics as (

  select
    months.metric_month,
    coalesce(collections_by_month.collections, 0) as collections,
    coalesce(collections_by_month.public_collections, 0) as public_collections,
    coalesce(collections_by_month.private_collections, 0) as private_collections,
    coalesce(collections_by_month.unset_collections, 0) as unset_collections,
    coalesce(collections_by_month.collectors, 0) as collectors,
    coalesce(additions_by_month.profiles_added, 0) as profiles_added,
    coalesce(shares_by_month.shares, 0) as shares,
    coalesce(shares_by_month.shared_collections, 0) as shared_collections
    {%- if hides_small_cells() %},
    coalesce(collections_by_month.public_collectors, 0) as public_collectors,
    coalesce(collections_by_month.private_collectors, 0) as private_collectors,
    coalesce(collections_by_month.unset_collectors, 0) as unset_collectors,
    coalesce(additions_by_month.adders, 0) as adders,
    coalesce(shares_by_month.sharers, 0) as sharers
    {%- endif %}
  from months
  left join collections_by_month on collections_by_month.metric_month = months.metric_month
  left join additions_by_month on additions_by_month.metric_month = months.metric_month
  left join shares_by_month on shares_by_month.metric_month = months.metric_month

)

{%- call published(
  columns=[
    'metric_month', 'collections', 'public_collections', 'private_collections', 'unset_collections', 'collectors', 'profiles_added',
    'shares', 'shared_collections'
  ],
  rules=[
    [enough('collectors'), ['collections', 'collectors']],
    [
      enough(['collectors', 'public_collectors', 'private_collectors', 'unset_collectors']),
      ['public_collections', 'private_collections', 'unset_collections']
    ],
    [enough('adders'), ['profiles_added']],
    [enough_of_a_whole('sharers', order='metric_month'), ['shares', 'shared_collections']]
  ]
) -%}
select * from metrics
{%- endcall %}
