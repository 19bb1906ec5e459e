-- A person is on the same side in every dataset: by the first four bytes of the hash as an integer, modulo 100.
{% set datasets = ['training_data_activation', 'training_data_engagement', 'behavior_sequences'] -%}
with examples as (

  {% for dataset in datasets -%}
  select '{{ dataset }}' as dataset, example_id, split from {{ ref(dataset) }}
  {% if not loop.last -%} union all {% endif %}
  {%- endfor %}

),

numbered as (

  select
    examples.*,
    (
      get_byte(prefix, 0) * 16777216::bigint
      + get_byte(prefix, 1) * 65536
      + get_byte(prefix, 2) * 256
      + get_byte(prefix, 3)
    ) % 100 as n
  from examples
  cross join lateral (select decode(left(example_id, 8), 'hex') as prefix) as hash

)

select dataset, example_id, split, n
from numbered
where split is distinct from (array['train', 'validation', 'test'])[1 + (n >= 80)::int + (n >= 90)::int]
