-- How are people spread over the levels of engagement?

-- aggregate
select user_type, engagement_level, sum(users)::bigint
from aggregates.user_segmentation
group by user_type, engagement_level
order by user_type, engagement_level

-- raw
with counted as (
  select
    person,
    sum(case type when 'post' then 3 when 'comment' then 2 when 'vote' then 1 when 'collection' then 5 else 0 end) as score,
    bool_or(type in ('post', 'comment', 'vote', 'collection')) as has_activating
  from raw.activity
  group by person
)
select
  people.user_type,
  case
    when counted.score >= 50 then 'POWER_USER'
    when counted.score >= 20 then 'ACTIVE'
    when counted.has_activating then 'CASUAL'
    when counted.person is not null then 'LURKER'
    else 'INACTIVE'
  end as engagement_level,
  count(*)
from raw.real_people as people
left join counted on counted.person = people.id
group by 1, 2
order by 1, 2
