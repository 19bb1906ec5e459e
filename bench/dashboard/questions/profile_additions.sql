-- How many profiles are put into collections each month?

-- aggregate
select metric_month, profiles_added
from aggregates.collection_metrics
order by metric_month

-- raw
with additions as (
  select date_trunc('month', additions.created_at at time zone 'UTC')::date as month, count(*) as profiles_added
  from raw.chemlink_collection_profiles as additions
  join raw.people on people.id = additions.added_by
  where additions.created_at <= :as_of
    and (additions.deleted_at is null or additions.deleted_at > :as_of)
    and (people.deleted_at is null or additions.created_at < people.deleted_at)
  group by 1
)
select months.month, coalesce(additions.profiles_added, 0)
from raw.months
left join additions on additions.month = months.month
order by months.month
