{# Of the train split only: what is learned here must not have seen the people that a model is judged on. #}
{{ config(indexes=[{'columns': ['from_type', 'to_type'], 'unique': true}]) }}

with examples as materialized (

  -- A hash a user, not one a step.
  select user_key, {{ keyed_hash('user_key') }} as example_id
  from {{ ref('accounts') }}

),

transitions as (

  select
    steps.activity_type as from_type,
    steps.next_type as to_type,
    count(*) as transitions,
    count(distinct steps.user_key) as users,
    percentile_cont(0.5) within group (order by steps.hours_to_next) as median_hours
  from {{ ref('behavior_steps') }} as steps
  where steps.next_type is not null
    and steps.user_key in (select user_key from examples where {{ split('example_id') }} = 'train')
  group by steps.activity_type, steps.next_type

)

select
  from_type,
  to_type,
  transitions,
  users,
  {{ percentage('transitions', 'sum(transitions) over (partition by from_type)') }} as rate,
  median_hours::numeric(12, 2) as median_hours
from transitions
