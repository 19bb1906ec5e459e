-- The transitions of the train split, taken from the published sequences again; a type's rates are 100 together, each rounded by itself.
with steps as (

  select
    sequences.example_id,
    types.activity_type as from_type,
    sequences.activity_types[types.step + 1] as to_type,
    sequences.hours_between[types.step] as hours
  from {{ ref('behavior_sequences') }} as sequences
  cross join lateral unnest(sequences.activity_types) with ordinality as types (activity_type, step)
  where sequences.split = 'train'
    and types.step < cardinality(sequences.activity_types)

),

expected as (

  select
    from_type,
    to_type,
    count(*) as transitions,
    count(distinct example_id) as users,
    percentile_cont(0.5) within group (order by hours) as median_hours
  from steps
  group by from_type, to_type

)

select coalesce(expected.from_type, patterns.from_type) as from_type, coalesce(expected.to_type, patterns.to_type) as to_type
from expected
full join {{ ref('behavior_patterns') }} as patterns
  on patterns.from_type = expected.from_type
  and patterns.to_type = expected.to_type
where expected.from_type is null
  or patterns.from_type is null
  or expected.transitions <> patterns.transitions
  or expected.users <> patterns.users
  or abs(expected.median_hours - patterns.median_hours) > 0.011

union all

select from_type, null
from {{ ref('behavior_patterns') }}
group by from_type
having abs(sum(rate) - 100) > 0.005 * count(*)
