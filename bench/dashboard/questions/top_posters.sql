-- Who posts most? (Without the pseudonyms, which only the warehouse has.)

-- aggregate
select posts, comments, engagement_score, tier
from aggregates.top_contributors
order by posts desc, comments desc, engagement_score desc
limit 20

-- raw
with written as (
  select
    activity.person,
    count(*) filter (where activity.type = 'post') as posts,
    count(*) filter (where activity.type = 'comment') as comments
  from raw.social_activity as activity
  join raw.real_people as people on people.id = activity.person
  group by activity.person
),
votes as (
  select voter_id as person, count(*) as votes
  from raw.chemlink_query_votes
  where created_at <= :as_of and (deleted_at is null or deleted_at > :as_of)
  group by 1
),
collections as (
  select person_id as person, count(*) as collections
  from raw.chemlink_collections
  where created_at <= :as_of and (deleted_at is null or deleted_at > :as_of)
  group by 1
)
select
  written.posts,
  written.comments,
  written.posts * 3 + written.comments * 2 + coalesce(votes.votes, 0) + coalesce(collections.collections, 0) * 5 as score,
  case
    when written.posts >= 20 then 'power'
    when written.posts >= 10 then 'active'
    when written.posts >= 5 then 'regular'
    else 'casual'
  end
from written
left join votes on votes.person = written.person
left join collections on collections.person = written.person
order by written.posts desc, written.comments desc, score desc
limit 20
