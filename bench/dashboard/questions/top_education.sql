-- Which degrees do our people have?

-- aggregate
select degree_name, users, schools
from aggregates.education_distribution
order by users desc, degree_name
limit 20

-- raw
select
  raw.filled(degrees.name) as name,
  count(distinct education.person_id) as users,
  count(distinct education.school_id)
from raw.chemlink_education as education
join raw.real_people as people on people.id = education.person_id
join raw.chemlink_degrees as degrees on degrees.id = education.degree_id
where education.created_at <= :as_of
  and (education.deleted_at is null or education.deleted_at > :as_of)
  and degrees.created_at <= :as_of
  and raw.filled(degrees.name) is not null
group by 1
order by users desc, name
limit 20
