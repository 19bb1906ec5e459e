{{ config(indexes=[{'columns': ['example_id'], 'unique': true}]) }}

select
  example_id,
  observed_on,
  array_agg(activity_type order by step) as activity_types,
  -- A single activity has nothing after it: an empty array, not null.
  coalesce(
    array_agg(round(hours_to_next, 2) order by step) filter (where next_type is not null),
    '{}'::numeric[]
  ) as hours_between,
  {{ split('example_id') }} as split
from {{ ref('behavior_steps') }}
group by example_id, observed_on
