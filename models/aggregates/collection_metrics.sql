{{ config(indexes=[{'columns': ['metric_month'], 'unique': true}]) }}

with months as (

  {{ period_series('month') | indent(2) }}

),

activity_by_month as (

  select
    {{ start_of('month', 'activity_date') }} as metric_month,
    count(*) filter (where activity_type = 'collection') as collections,
    count(*) filter (where activity_type = 'collection' and metadata ->> 'privacy' = 'PUBLIC') as public_collections,
    count(*) filter (where activity_type = 'collection' and metadata ->> 'privacy' = 'PRIVATE') as private_collections,
    count(*) filter (where activity_type = 'collection' and metadata ->> 'privacy' is null) as unset_collections,
    count(distinct user_key) filter (where activity_type = 'collection') as collectors,
    count(*) filter (where activity_type = 'collection_add') as profiles_added
  from {{ ref('history_activity') }}
  where activity_type in ('collection', 'collection_add')
  group by 1

),

-- Who shares must be real at that moment, before sign-up too, as for an activity.
shares_by_month as (

  select
    {{ local_month('shares.shared_at') }} as metric_month,
    count(*) as shares,
    count(distinct shares.collection_id) as shared_collections
  from {{ ref('collection_shares') }} as shares
  join {{ ref('unified_users') }} as users on users.user_key = shares.user_key
  where not users.is_test_account
    and (users.deleted_at is null or shares.shared_at < users.deleted_at)
  group by 1

),

metrics as (

  select
    months.metric_month,
    coalesce(activity.collections, 0) as collections,
    coalesce(activity.public_collections, 0) as public_collections,
    coalesce(activity.private_collections, 0) as private_collections,
    coalesce(activity.unset_collections, 0) as unset_collections,
    coalesce(activity.collectors, 0) as collectors,
    coalesce(activity.profiles_added, 0) as profiles_added,
    coalesce(shares_by_month.shares, 0) as shares,
    coalesce(shares_by_month.shared_collections, 0) as shared_collections
  from months
  left join activity_by_month as activity on activity.metric_month = months.metric_month
  left join shares_by_month on shares_by_month.metric_month = months.metric_month

)

select * from metrics
