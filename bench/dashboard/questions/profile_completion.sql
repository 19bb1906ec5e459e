-- How complete are profiles?

-- aggregate
select value, users, share
from aggregates.profile_metrics
where dimension = 'score_band'
order by value

-- raw
with experienced as (
  select distinct person_id
  from raw.chemlink_experiences
  where created_at <= :as_of and (deleted_at is null or deleted_at > :as_of)
),
educated as (
  select distinct person_id
  from raw.chemlink_education
  where created_at <= :as_of and (deleted_at is null or deleted_at > :as_of)
),
scored as (
  select
    people.has_first_name::int * 10 + people.has_last_name::int * 10 + people.has_email::int * 10
    + people.has_headline::int * 15 + people.has_linkedin::int * 10 + people.has_location::int * 10
    + (experienced.person_id is not null)::int * 20 + (educated.person_id is not null)::int * 15 as score
  from raw.real_people as people
  left join experienced on experienced.person_id = people.id
  left join educated on educated.person_id = people.id
)
select
  case
    when score < 20 then '0-19'
    when score < 40 then '20-39'
    when score < 60 then '40-59'
    when score < 80 then '60-79'
    else '80-100'
  end as value,
  count(*),
  (count(*) * 100.0 / sum(count(*)) over ())::numeric(12, 2)
from scored
group by 1
order by 1
