-- How often are collections shared each month?

-- aggregate
select metric_month, shares, shared_collections
from aggregates.collection_metrics
order by metric_month

-- raw
with shares as (
  select
    date_trunc('month', shares.created_at at time zone 'UTC')::date as month,
    count(*) as shares,
    count(distinct shares.collection_id) as collections
  from raw.chemlink_collection_collaborators as shares
  join raw.people on people.id = shares.added_by
  where shares.created_at <= :as_of
    and (shares.deleted_at is null or shares.deleted_at > :as_of)
    and (people.deleted_at is null or shares.created_at < people.deleted_at)
  group by 1
)
select months.month, coalesce(shares.shares, 0), coalesce(shares.collections, 0)
from raw.months
left join shares on shares.month = months.month
order by months.month
