{{ config(enabled=var('min_cell') | int <= 1) }}

-- profile_metrics, each dimension computed by itself and in another way.
with users as (

  select users.user_key, users.chemlink_id, users.profile_completion_score, users.signup_date
  from {{ ref('unified_users') }} as users
  where users.is_real_account

),

everyone as (

  select count(*) as users from users

),

bands as (

  select
    'score_band' as dimension,
    (array['0-19', '20-39', '40-59', '60-79', '80-100'])[1 + least(profile_completion_score / 20, 4)] as value
  from users

),

signs_of_life as (

  select user_key, signup_date as seen_at from users
  union all
  select users.user_key, updates.updated_at
  from {{ ref('profile_updates') }} as updates
  join users on users.chemlink_id = updates.chemlink_id
  join {{ ref('as_of') }} as moment on updates.updated_at <= moment.as_of

),

ages as (

  select extract(epoch from moment.as_of - max(signs_of_life.seen_at)) / 86400 as days
  from signs_of_life
  cross join {{ ref('as_of') }} as moment
  group by signs_of_life.user_key, moment.as_of

),

freshness as (

  select
    'freshness' as dimension,
    (array['FRESH', 'AGING', 'STALE'])[1 + width_bucket(days, array[90, 180]::numeric[])] as value
  from ages

),

records as (

  {% for table in ['embeddings', 'experiences', 'education'] -%}
  select records.person_id, {{ 1 if table == 'embeddings' else 2 }} as rank
  from {{ source('chemlink', table) }} as records
  cross join {{ ref('as_of') }} as moment
  where {{ is_there('records', 'moment.as_of') }}
  {{ 'union all' if not loop.last }}
  {% endfor %}
),

statuses as (

  select
    'status' as dimension,
    (array['SEARCHABLE', 'BUILDER_ONLY', 'BASIC_PROFILE'])[coalesce(min(records.rank), 3)] as value
  from users
  left join records on records.person_id = users.chemlink_id
  group by users.user_key

),

classified as (

  select * from bands
  union all
  select * from freshness
  union all
  select * from statuses

),

expected as (

  select
    classified.dimension,
    classified.value,
    count(*) as users,
    round(100.0 * count(*) / everyone.users, 2) as share
  from classified
  cross join everyone
  group by classified.dimension, classified.value, everyone.users

)

{{ rows_that_differ('expected', ref('profile_metrics')) }}
