{# What a model that learned from training_data_activation is served with: the same observations, of those whose labels are still to come. #}
{{ config(indexes=[{'columns': ['example_id'], 'unique': true}]) }}

select
  observations.example_id,
  observations.observed_on,
  observations.cohort_month,
  observations.is_point_in_time,
  {{ activation_features('observations') }}
from {{ ref('activation_observations') }} as observations
cross join {{ ref('as_of') }} as moment
where not ({{ is_label_window_over('observations', 'moment', 30) }})
