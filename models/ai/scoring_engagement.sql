{# What a model that learned from training_data_engagement is served with: the same observations, of those whose labels are still to come. #}
{{ config(
    materialized='incremental',
    incremental_strategy='changes',
    unique_key='example_id',
    meta={'changes': {'listed': 'example_activities', 'among': 'changed_examples', 'by': ['example_id']}},
    on_schema_change='sync_all_columns',
    post_hook="{{ note_what_is_built() }}",
    indexes=[{'columns': ['example_id'], 'unique': true}]
) }}
-- depends_on: {{ ref('changed_examples') }}, {{ ref('example_activities') }}, {{ ref('account_activities') }}, {{ ref('change_window') }}

select
  observations.example_id,
  observations.observed_on,
  observations.cohort_month,
  observations.is_point_in_time,
  {{ engagement_features('observations') }}
from (
  {{ engagement_observations() }}
) as observations
cross join {{ ref('as_of') }} as moment
where not ({{ is_label_window_over('observations', 'moment', 90) }})
