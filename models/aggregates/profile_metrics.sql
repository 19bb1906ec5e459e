{{ config(indexes=[{'columns': ['dimension', 'value'], 'unique': true}]) }}

with last_updates as (

  -- Bulk imports are no events.
  select user_key, max(activity_at) as last_update_at
  from {{ ref('user_activity_events') }}
  where activity_type = 'profile_update'
  group by user_key

),

profiles as (

  select
    users.profile_completion_score,
    coalesce(last_updates.last_update_at, users.signup_date) as fresh_at,
    moment.as_of,
    facts.is_searchable,
    users.experience_count + users.education_count > 0 as has_history
  from {{ ref('profile_facts') }} as facts
  cross join {{ ref('as_of') }} as moment
  join {{ ref('unified_users') }} as users
    on users.user_key = facts.user_key
    and users.is_real_account
  left join last_updates on last_updates.user_key = users.user_key

),

classified as (

  select dimensions.dimension, dimensions.value
  from profiles
  cross join lateral (
    values
    (
      'score_band',
      case
        when profiles.profile_completion_score < 20 then '0-19'
        when profiles.profile_completion_score < 40 then '20-39'
        when profiles.profile_completion_score < 60 then '40-59'
        when profiles.profile_completion_score < 80 then '60-79'
        else '80-100'
      end
    ),
    (
      'freshness',
      case
        when profiles.fresh_at > profiles.as_of - {{ n_days(90) }} then 'FRESH'
        when profiles.fresh_at > profiles.as_of - {{ n_days(180) }} then 'AGING'
        else 'STALE'
      end
    ),
    (
      'status',
      case
        when profiles.is_searchable then 'SEARCHABLE'
        when profiles.has_history then 'BUILDER_ONLY'
        else 'BASIC_PROFILE'
      end
    )
  ) as dimensions (dimension, value)

),

metrics as (

  select
    dimension,
    value,
    count(*) as users,
    {{ percentage('count(*)', 'sum(count(*)) over (partition by dimension)') }} as share
  from classified
  group by dimension, value

)

{% call published(
  columns=['dimension', 'value', 'users', 'share'],
  rules=[[enough_of_a_whole('users', whole='dimension', order='value'), ['users', 'share']]],
  rates=['share']
) -%}
select * from metrics
{%- endcall %}
