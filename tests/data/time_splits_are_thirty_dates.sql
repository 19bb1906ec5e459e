-- The 30 dates that end with a table's last are its test split, the 30 before validate.
{% for dataset in ['training_data_activation', 'training_data_engagement'] -%}
select '{{ dataset }}' as dataset, examples.observed_on, examples.time_split
from {{ ref(dataset) }} as examples
cross join (select max(observed_on) as last_on from {{ ref(dataset) }}) as dates
where examples.time_split is distinct from case
  when dates.last_on - examples.observed_on between 0 and 29 then 'test'
  when dates.last_on - examples.observed_on between 30 and 59 then 'validation'
  else 'train'
end
{% if not loop.last -%} union all {% endif %}
{%- endfor %}
