-- Where do our people work?

-- aggregate
select company_name, users, experiences, people_with_experience
from aggregates.top_companies
order by users desc, company_name
limit 20

-- raw
with companies as (
  select id, raw.filled(name) as name
  from raw.chemlink_companies
  where created_at <= :as_of and raw.filled(name) is not null
),
employed as (
  select companies.name, count(*) as users
  from raw.real_people as people
  join companies on companies.id = people.company_id
  group by companies.name
),
experienced as (
  select companies.name, count(*) as experiences, count(distinct experiences.person_id) as people
  from raw.chemlink_experiences as experiences
  join raw.real_people as people on people.id = experiences.person_id
  join companies on companies.id = experiences.company_id
  where experiences.created_at <= :as_of and (experiences.deleted_at is null or experiences.deleted_at > :as_of)
  group by companies.name
)
select
  coalesce(employed.name, experienced.name) as name,
  coalesce(employed.users, 0) as users,
  coalesce(experienced.experiences, 0),
  coalesce(experienced.people, 0)
from employed
full join experienced on experienced.name = employed.name
order by users desc, name
limit 20
