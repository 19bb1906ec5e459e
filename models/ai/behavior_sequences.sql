{{ config(indexes=[{'columns': ['example_id'], 'unique': true}]) }}

with sequences as (

  select
    user_key,
    observed_on,
    array_agg(activity_type order by step) as activity_types,
    -- A single activity has nothing after it: an empty array, not null.
    coalesce(
      array_agg(round(hours_to_next, 2) order by step) filter (where next_type is not null),
      '{}'::numeric[]
    ) as hours_between
  from {{ ref('behavior_steps') }}
  group by user_key, observed_on

),

-- A hash a user, not one a step.
examples as materialized (

  select
    {{ keyed_hash('sequences.user_key') }} as example_id,
    sequences.observed_on,
    sequences.activity_types,
    sequences.hours_between
  from sequences

)

select
  example_id,
  observed_on,
  activity_types,
  hours_between,
  {{ split('example_id') }} as split
from examples
