-- Are the collections made each month public or private?

-- aggregate
select metric_month, public_collections, private_collections, unset_collections
from aggregates.collection_metrics
order by metric_month

-- raw
with collections as (
  select
    date_trunc('month', collections.created_at at time zone 'UTC')::date as month,
    count(*) filter (where collections.privacy = 'PUBLIC') as is_public,
    count(*) filter (where collections.privacy = 'PRIVATE') as is_private,
    count(*) filter (where collections.privacy is null) as is_unset
  from raw.chemlink_collections as collections
  join raw.people on people.id = collections.person_id
  where collections.created_at <= :as_of
    and (collections.deleted_at is null or collections.deleted_at > :as_of)
    and (people.deleted_at is null or collections.created_at < people.deleted_at)
  group by 1
)
select
  months.month,
  coalesce(collections.is_public, 0),
  coalesce(collections.is_private, 0),
  coalesce(collections.is_unset, 0)
from raw.months
left join collections on collections.month = months.month
order by months.month
