-- What is the Finder asked for?

-- aggregate
select intent, searches, share
from aggregates.search_intents
order by intent

-- raw
select
  coalesce(raw.filled(intent), 'Unknown') as intent,
  count(*),
  (count(*) * 100.0 / sum(count(*)) over ())::numeric(12, 2)
from raw.chemlink_query_embeddings
where created_at <= :as_of and (deleted_at is null or deleted_at > :as_of)
group by 1
order by 1
