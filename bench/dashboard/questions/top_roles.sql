-- What have our people worked as?

-- aggregate
select role_title, users, companies, experiences
from aggregates.top_roles
order by users desc, role_title
limit 20

-- raw
select
  raw.filled(roles.title) as title,
  count(distinct experiences.person_id) as users,
  count(distinct experiences.company_id),
  count(*)
from raw.chemlink_experiences as experiences
join raw.real_people as people on people.id = experiences.person_id
join raw.chemlink_roles as roles on roles.id = experiences.role_id
where experiences.created_at <= :as_of
  and (experiences.deleted_at is null or experiences.deleted_at > :as_of)
  and roles.created_at <= :as_of
  and raw.filled(roles.title) is not null
group by 1
order by users desc, title
limit 20
