{% macro examples() -%}
  {#- How many days x 24 hours after sign-up somebody is observed, and how many after that the window of the labels ends. -#}
  {{ return([{'observed': 7, 'labels': 30}, {'observed': 30, 'labels': 90}]) }}
{%- endmacro %}

{% macro activities_of_examples() -%}
  {#- Where the model looks only at changes, those of the people who changed. -#}
  {{ return(ref('example_activities') if looks_at_changes() else ref('account_activities')) }}
{%- endmacro %}

{% macro correct_time_split() -%}
  {#- Post-hook: the dates that divide the table move with its last one, in rows too that have not changed otherwise. -#}
  {%- if is_incremental() -%}
  update {{ this }} as examples
  set time_split = {{ time_split('examples.observed_on', 'dates.last_on') }}
  from (select max(observed_on) as last_on from {{ this }}) as dates
  where examples.time_split <> {{ time_split('examples.observed_on', 'dates.last_on') }}
  {%- endif -%}
{%- endmacro %}

{% macro observations(days) -%}
{#-
  One row for each real account whose moment of observation, `days` x 24 hours after sign-up, has come by as_of: every feature as it was known
  then. Nothing here may look at a row or a deletion after observed_at: what is trained on and what is scored are both this query.
-#}
with observed as (

  select
    accounts.user_key,
    accounts.chemlink_id,
    accounts.signup_at,
    accounts.signup_at + {{ n_days(days) }} as observed_at,
    accounts.deleted_at as account_deleted_at,
    accounts.engagement_account_created_at
  from {{ ref('accounts') }} as accounts
  cross join {{ ref('as_of') }} as moment
  where not accounts.is_test_account
    and accounts.signup_at + {{ n_days(days) }} <= moment.as_of
    and (accounts.deleted_at is null or accounts.deleted_at > accounts.signup_at + {{ n_days(days) }})
    {%- if looks_at_changes() %}
    and accounts.user_key in (select user_key from {{ ref('changed_examples') }})
    {%- endif %}

),

-- Deleted later is known then.
activities as (

  select
    activities.user_key,
    activities.activity_type,
    activities.is_activity,
    activities.activity_at,
    observed.signup_at
  from {{ activities_of_examples() }} as activities
  join observed on observed.user_key = activities.user_key
  where activities.activity_at >= observed.signup_at
    and activities.known_from <= observed.observed_at
    and (activities.deleted_at is null or activities.deleted_at > observed.observed_at)

),

activity as (

  select
    user_key,
    {% for type in activity_types() + ['profile_update'] -%}
    count(*) filter (where activity_type = '{{ type }}') as {{ type }}_count,
    {% endfor -%}
    count(*) filter (where is_activity) as activities,
    count(*) filter (where {{ is_activating('activity_type') }}) as activating,
    count(distinct activity_type) filter (where is_activity) as activity_types,
    count(distinct {{ local_date('activity_at') }}) filter (where is_activity) as active_days,
    min(activity_at) filter (where is_activity) as first_activity_at,
    count(*) filter (where is_activity and activity_at < signup_at + {{ n_days(14) }}) as activities_first_14d,
    count(*) filter (
      where is_activity
        and activity_at >= signup_at + {{ n_days(14) }}
        and activity_at < signup_at + {{ n_days(28) }}
    ) as activities_second_14d
  from activities
  group by user_key

),

{% for table, record in [('experiences', 'experience'), ('education', 'education'), ('person_languages', 'language')] -%}
{{ record }}_counts as (

  select
    observed.user_key,
    count(*) as {{ record }}_count
  from observed
  join {{ source('chemlink', table) }} as {{ table }} on {{ table }}.person_id = observed.chemlink_id
  where {{ is_there(table, 'observed.observed_at') }}
  group by observed.user_key

),

{% endfor -%}
first_snapshots as (

  select id as chemlink_id, min(snapshot_at) as first_snapshot_at
  from {{ ref('chemlink_persons_history') }}
  {%- if looks_at_changes() %}
  where id in (select chemlink_id from observed)
  {%- endif %}
  group by id

),

-- The version that was valid then. A row committed late can make versions overlap: the one that was taken last knows best.
versions as (

  select distinct on (observed.user_key)
    observed.user_key,
    coalesce(history.has_finder, false) as has_finder,
    {{ person_columns_score('history') }} as person_columns_score
  from observed
  join first_snapshots
    on first_snapshots.chemlink_id = observed.chemlink_id
    and first_snapshots.first_snapshot_at <= observed.observed_at
  join {{ ref('chemlink_persons_history') }} as history
    on history.id = observed.chemlink_id
    and history.valid_from <= observed.observed_at
    and (history.valid_to is null or history.valid_to > observed.observed_at)
  order by observed.user_key, history.snapshot_at desc, history.valid_from desc

)

select
  observed.user_key,
  observed.signup_at,
  observed.observed_at,
  observed.account_deleted_at,
  {{ keyed_hash('observed.user_key') }} as example_id,
  {{ local_date('observed.observed_at') }} as observed_on,
  {{ local_month('observed.signup_at') }} as cohort_month,
  versions.user_key is not null as is_point_in_time,
  versions.has_finder,
  extract(isodow from {{ local_time('observed.signup_at') }})::int as signup_dow,
  extract(hour from {{ local_time('observed.signup_at') }})::int as signup_hour,
  extract(month from {{ local_time('observed.signup_at') }})::int as signup_month,
  (
    versions.person_columns_score
    + case when experience_counts.experience_count > 0 then {{ experience_score() }} else 0 end
    + case when education_counts.education_count > 0 then {{ education_score() }} else 0 end
  ) as profile_completion_score,
  -- Updates before the first snapshot were overwritten, all but the last.
  case when versions.user_key is not null then coalesce(activity.profile_update_count, 0) end as profile_update_count,
  coalesce(experience_counts.experience_count, 0) as experience_count,
  coalesce(education_counts.education_count, 0) as education_count,
  coalesce(language_counts.language_count, 0) as language_count,
  {% for type in activity_types() -%}
  coalesce(activity.{{ type }}_count, 0) as {{ type }}_count,
  {% endfor -%}
  coalesce(activity.activities, 0) as activities,
  coalesce(activity.activating, 0) as activating,
  coalesce(activity.active_days, 0) as active_days,
  (extract(epoch from activity.first_activity_at - observed.signup_at) / 3600)::numeric(12, 2) as hours_to_first_activity,
  observed.engagement_account_created_at is not null
  and observed.engagement_account_created_at <= observed.observed_at as has_engagement_account,
  coalesce(activity.activity_types, 0) as activity_types,
  {{ ratio('activity.activities_second_14d', 'activity.activities_first_14d') }} as activity_trend
from observed
left join activity on activity.user_key = observed.user_key
left join experience_counts on experience_counts.user_key = observed.user_key
left join education_counts on education_counts.user_key = observed.user_key
left join language_counts on language_counts.user_key = observed.user_key
left join versions on versions.user_key = observed.user_key
{%- endmacro %}

{% macro activation_observations() -%}
  {#- Everyone observed 7 days after sign-up who had not activated by then. -#}
select observations.*
from (
  {{ observations(7) }}
) as observations
where observations.activating = 0
{%- endmacro %}

{% macro engagement_observations() -%}
  {#- Everyone observed 30 days after sign-up. -#}
{{ observations(30) }}
{%- endmacro %}

{% macro label_activities(observations, days) -%}
{#- The activities in the `days` x 24 hours after observation, as of the end of that window; nothing counts after the account's deletion. -#}
select
  observed.user_key,
  observed.signup_at,
  activities.activity_type,
  activities.activity_at
from {{ observations }} as observed
join {{ activities_of_examples() }} as activities on activities.user_key = observed.user_key
where activities.is_activity
  and activities.activity_at > observed.observed_at
  and activities.known_from <= observed.observed_at + {{ n_days(days) }}
  and (activities.deleted_at is null or activities.deleted_at > observed.observed_at + {{ n_days(days) }})
  and (observed.account_deleted_at is null or activities.activity_at < observed.account_deleted_at)
{%- endmacro %}

{% macro split(example_id) -%}
  {#- By the identity alone, so that a person is on one side for good, in every dataset. -#}
  case
    when ('x' || left({{ example_id }}, 8))::bit(32)::bigint % 100 < 80 then 'train'
    when ('x' || left({{ example_id }}, 8))::bit(32)::bigint % 100 < 90 then 'validation'
    else 'test'
  end
{%- endmacro %}

{% macro time_split(observed_on, last=none) -%}
  {#- The last 30 dates of the table test, the 30 before validate: learning from the past, judged on what came after. -#}
  {%- if last is none -%}
    {%- set last = 'max(' ~ observed_on ~ ') over ()' -%}
    {%- if looks_at_changes() -%}
      {#- Right but for a last date that is gone, which the hook corrects. -#}
      {%- set last = 'greatest(' ~ last ~ ', (select max(observed_on) from ' ~ this ~ '))' -%}
    {%- endif -%}
  {%- endif -%}
  case
    when {{ observed_on }} > {{ last }} - 30 then 'test'
    when {{ observed_on }} > {{ last }} - 60 then 'validation'
    else 'train'
  end
{%- endmacro %}

{% macro activation_features(observations) -%}
  {#- The features of the seven days after sign-up, in the order in which training and scoring publish them: one list, so that a model is served with what it learned from. -#}
  {{ observations }}.has_finder,
  {{ observations }}.signup_dow,
  {{ observations }}.signup_hour,
  {{ observations }}.signup_month,
  {{ observations }}.profile_completion_score,
  {{ observations }}.profile_update_count as profile_update_count_7d,
  {{ observations }}.experience_count,
  {{ observations }}.education_count,
  {{ observations }}.language_count,
  {{ observations }}.view_count as view_count_7d,
  {{ observations }}.collection_add_count as collection_add_count_7d,
  {{ observations }}.group_join_count as group_join_count_7d,
  {{ observations }}.active_days as active_days_7d,
  {{ observations }}.hours_to_first_activity,
  {{ observations }}.has_engagement_account
{%- endmacro %}

{% macro engagement_features(observations) -%}
  {#- The same for the thirty days after sign-up. -#}
  {{ observations }}.has_finder,
  {{ observations }}.signup_dow,
  {{ observations }}.signup_hour,
  {{ observations }}.signup_month,
  {{ observations }}.profile_completion_score,
  {{ observations }}.profile_update_count as profile_update_count_30d,
  {{ observations }}.experience_count,
  {{ observations }}.education_count,
  {{ observations }}.language_count,
  {% for type in activity_types() -%}
  {{ observations }}.{{ type }}_count as {{ type }}_count_30d,
  {% endfor -%}
  {{ observations }}.active_days as active_days_30d,
  {{ observations }}.hours_to_first_activity,
  {{ observations }}.has_engagement_account,
  {{ observations }}.activity_types as activity_types_30d,
  {{ observations }}.activity_trend,
  {{ observations }}.activating > 0 as was_activated
{%- endmacro %}

{% macro is_label_window_over(observations, moment, days) -%}
  {#- What divides training (it is over at as_of) from scoring (it is not). -#}
  {{ observations }}.observed_at + {{ n_days(days) }} <= {{ moment }}.as_of
{%- endmacro %}
