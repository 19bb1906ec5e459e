-- Which projects have our people worked on?

-- aggregate
select project_name, people, experiences
from aggregates.top_projects
order by people desc, project_name
limit 20

-- raw
select
  raw.filled(projects.name) as name,
  count(distinct experiences.person_id) as people,
  count(*)
from raw.chemlink_experiences as experiences
join raw.real_people as people on people.id = experiences.person_id
join raw.chemlink_projects as projects on projects.id = experiences.project_id
where experiences.created_at <= :as_of
  and (experiences.deleted_at is null or experiences.deleted_at > :as_of)
  and projects.created_at <= :as_of
  and raw.filled(projects.name) is not null
group by 1
order by people desc, name
limit 20
