-- How often is the Finder asked?

-- aggregate
select metric_month, searches
from aggregates.finder_metrics
order by metric_month

-- raw
with searches as (
  select date_trunc('month', created_at at time zone 'UTC')::date as month, count(*) as searches
  from raw.chemlink_query_embeddings
  where created_at <= :as_of and (deleted_at is null or deleted_at > :as_of)
  group by 1
)
select months.month, coalesce(searches.searches, 0)
from raw.months
left join searches on searches.month = months.month
order by months.month
