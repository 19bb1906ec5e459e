{{ config(indexes=[{'columns': ['example_id'], 'unique': true}]) }}

with observations as (

  -- An example is one when its label window is over.
  select
    observations.*,
    {{ engagement_score('post_count', 'comment_count', 'vote_count', 'collection_count') }} as engagement_score_before
  from {{ ref('engagement_observations') }} as observations
  cross join {{ ref('as_of') }} as moment
  where observations.observed_at + {{ n_days(90) }} <= moment.as_of

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
  has_finder,
  signup_dow,
  signup_hour,
  signup_month,
  profile_completion_score,
  profile_update_count as profile_update_count_30d,
  experience_count,
  education_count,
  language_count,
  post_count as post_count_30d,
  comment_count as comment_count_30d,
  group_join_count as group_join_count_30d,
  vote_count as vote_count_30d,
  collection_count as collection_count_30d,
  collection_add_count as collection_add_count_30d,
  view_count as view_count_30d,
  active_days as active_days_30d,
  hours_to_first_activity,
  has_engagement_account,
  activity_types as activity_types_30d,
  activity_trend,
  activating > 0 as was_activated,
  engagement_score_after::int as engagement_score_90d,
  engagement_level_after as engagement_level_90d,
  is_retained as retained_90d,
  case when activities > 0 then not is_retained end as churned_90d,
  engagement_level_after = 'POWER_USER' and engagement_level_before <> 'POWER_USER' as became_power_user_90d
from labelled
