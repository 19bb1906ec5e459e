-- What do people say of the Finder's answers?

-- aggregate
select metric_month, votes, upvotes, downvotes, voters, searches_voted_on, vote_rate
from aggregates.finder_metrics
order by metric_month

-- raw
with searches as (
  select date_trunc('month', created_at at time zone 'UTC')::date as month, count(*) as searches
  from raw.chemlink_query_embeddings
  where created_at <= :as_of and (deleted_at is null or deleted_at > :as_of)
  group by 1
),
votes as (
  select
    date_trunc('month', votes.created_at at time zone 'UTC')::date as month,
    count(*) as votes,
    count(*) filter (where votes.type = 'upvote') as upvotes,
    count(*) filter (where votes.type = 'downvote') as downvotes,
    count(distinct votes.voter_id) as voters,
    count(distinct raw.filled(votes.search_key)) as searches_voted_on
  from raw.chemlink_query_votes as votes
  join raw.people on people.id = votes.voter_id
  where votes.created_at <= :as_of
    and (votes.deleted_at is null or votes.deleted_at > :as_of)
    and (people.deleted_at is null or votes.created_at < people.deleted_at)
  group by 1
)
select
  months.month,
  coalesce(votes.votes, 0),
  coalesce(votes.upvotes, 0),
  coalesce(votes.downvotes, 0),
  coalesce(votes.voters, 0),
  coalesce(votes.searches_voted_on, 0),
  (coalesce(votes.searches_voted_on, 0) * 100.0 / searches.searches)::numeric(12, 2)
from raw.months
left join searches on searches.month = months.month
left join votes on votes.month = months.month
order by months.month
