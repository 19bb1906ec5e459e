{# Of the train split only: what is learned here must not have seen the people that a model is judged on. #}
{{ config(indexes=[{'columns': ['from_type', 'to_type'], 'unique': true}]) }}

with transitions as (

  select
    activity_type as from_type,
    next_type as to_type,
    count(*) as transitions,
    count(distinct example_id) as users,
    percentile_cont(0.5) within group (order by hours_to_next) as median_hours
  from {{ ref('behavior_steps') }}
  where next_type is not null
    and {{ split('example_id') }} = 'train'
  group by activity_type, next_type

)

select
  from_type,
  to_type,
  transitions,
  users,
  {{ percentage('transitions', 'sum(transitions) over (partition by from_type)') }} as rate,
  median_hours::numeric(12, 2) as median_hours
from transitions
