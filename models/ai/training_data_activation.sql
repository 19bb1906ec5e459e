{{ config(
    materialized='incremental',
    incremental_strategy='changes',
    unique_key='example_id',
    meta={'changes': {'listed': 'example_activities', 'among': 'changed_examples', 'by': ['example_id']}},
    on_schema_change='sync_all_columns',
    post_hook=["{{ correct_time_split() }}", "{{ note_what_is_built() }}"],
    indexes=[{'columns': ['example_id'], 'unique': true}]
) }}
-- depends_on: {{ ref('changed_examples') }}, {{ ref('example_activities') }}, {{ ref('account_activities') }}, {{ ref('change_window') }}

with observations as (

  -- An example is one when its label window is over.
  select observations.*
  from (
  {{ activation_observations() }}
) as observations
  cross join {{ ref('as_of') }} as moment
  where {{ is_label_window_over('observations', 'moment', 30) }}

),

label_activities as (

  {{ label_activities('observations', 30) }}

),

labels as (

  select
    user_key,
    bool_or({{ is_social('activity_type') }}) as activated_social,
    bool_or(activity_type in ('vote', 'collection')) as activated_finder,
    min({{ local_date('activity_at') }}) - min({{ local_date('signup_at') }}) as days_to_activation
  from label_activities
  where {{ is_activating('activity_type') }}
  group by user_key

)

select
  observations.example_id,
  observations.observed_on,
  observations.cohort_month,
  observations.is_point_in_time,
  {{ split('observations.example_id') }} as split,
  {{ time_split('observations.observed_on') }} as time_split,
  {{ activation_features('observations') }},
  labels.user_key is not null as activated_30d,
  coalesce(labels.activated_social, false) as activated_social_30d,
  coalesce(labels.activated_finder, false) as activated_finder_30d,
  labels.days_to_activation
from observations
left join labels on labels.user_key = observations.user_key
