-- How far do accounts come?

-- aggregate
select step_order, step, users, rate_of_total, users_in_sequence, rate_of_previous
from aggregates.account_funnel
order by step_order

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
last_activating as (
  select person, max(at) as at
  from raw.activity
  where type in ('post', 'comment', 'vote', 'collection')
  group by person
),
steps as (
  select
    array[
      true,
      people.has_first_name and people.has_last_name and people.has_email,
      people.has_headline,
      people.has_location,
      people.company_id is not null,
      people.has_linkedin,
      experienced.person_id is not null,
      educated.person_id is not null,
      people.user_type = 'FINDER',
      coalesce(last_activating.at >= people.signup_at, false)
    ] as done
  from raw.real_people as people
  left join experienced on experienced.person_id = people.id
  left join educated on educated.person_id = people.id
  left join last_activating on last_activating.person = people.id
),
-- Few combinations occur: everything is counted from those.
combinations as (
  select done, coalesce(array_position(done, false), 11) as first_missing, count(*) as people
  from steps
  group by done
),
counted as (
  select
    step.step_order,
    step.step,
    sum(people) filter (where done[step.step_order]) as users,
    sum(people) filter (where first_missing > step.step_order) as users_in_sequence,
    sum(people) as total
  from combinations
  cross join unnest(array[
    'signed_up', 'basic_info', 'headline', 'location', 'company', 'linkedin', 'experience', 'education', 'finder', 'activated'
  ]) with ordinality as step (step, step_order)
  group by step.step_order, step.step
)
select
  step_order,
  step,
  coalesce(users, 0),
  (coalesce(users, 0) * 100.0 / total)::numeric(12, 2),
  coalesce(users_in_sequence, 0),
  (coalesce(users_in_sequence, 0) * 100.0 / nullif(lag(coalesce(users_in_sequence, 0)) over (order by step_order), 0))::numeric(12, 2)
from counted
order by step_order
