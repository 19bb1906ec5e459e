-- How many collections are made each month, and by how many people?

-- aggregate
select metric_month, collections, collectors
from aggregates.collection_metrics
order by metric_month

-- raw
with collections as (
  select
    date_trunc('month', collections.created_at at time zone 'UTC')::date as month,
    count(*) as collections,
    count(distinct collections.person_id) as collectors
  from raw.chemlink_collections as collections
  join raw.people on people.id = collections.person_id
  where collections.created_at <= :as_of
    and (collections.deleted_at is null or collections.deleted_at > :as_of)
    and (people.deleted_at is null or collections.created_at < people.deleted_at)
  group by 1
)
select
  months.month,
  coalesce(collections.collections, 0),
  coalesce(collections.collectors, 0)
from raw.months
left join collections on collections.month = months.month
order by months.month
