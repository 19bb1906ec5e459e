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
  select
    observations.*,
    {{ engagement_score('post_count', 'comment_count', 'vote_count', 'collection_count') }} as engagement_score_before
  from (
  {{ engagement_observations() }}
) as observations
  cross join {{ ref('as_of') }} as moment
  where {{ is_label_window_over('observations', 'moment', 90) }}

),

label_activities as (

  {{ label_activities('observations', 90) }}

),

label_counts as (

  select
    user_key,
    {{ engagement_score(
      "count(*) filter (where activity_type = 'post')",
      "count(*) filter (where activity_type = 'comment')",
      "count(*) filter (where activity_type = 'vote')",
      "count(*) filter (where activity_type = 'collection')"
    ) }} as engagement_score,
    count(*) filter (where {{ is_activating('activity_type') }}) as activating,
    count(*) as activities
  from label_activities
  group by user_key

),

labelled as (

  select
    observations.*,
    {{ engagement_level('engagement_score_before', 'observations.activating', 'observations.activities') }} as engagement_level_before,
    coalesce(label_counts.engagement_score, 0) as engagement_score_after,
    {{ engagement_level('label_counts.engagement_score', 'label_counts.activating', 'label_counts.activities') }} as engagement_level_after,
    label_counts.user_key is not null as is_retained
  from observations
  left join label_counts on label_counts.user_key = observations.user_key

)

select
  example_id,
  observed_on,
  cohort_month,
  is_point_in_time,
  {{ split('example_id') }} as split,
  {{ time_split('observed_on') }} as time_split,
  {{ engagement_features('labelled') }},
  engagement_score_after::int as engagement_score_90d,
  engagement_level_after as engagement_level_90d,
  is_retained as retained_90d,
  case when activities > 0 then not is_retained end as churned_90d,
  engagement_level_after = 'POWER_USER' and engagement_level_before <> 'POWER_USER' as became_power_user_90d
from labelled
