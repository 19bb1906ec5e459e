{{ config(enabled=var('min_cell') | int <= 1) }}

-- Users active in a month by their country, counted from account_activities; together they are the month's MAU.
with first_months as (

  select min(metric_date) as first_date from {{ ref('daily_metrics') }}

),

expected as (

  select
    {{ local_month('activities.activity_at') }} as metric_month,
    coalesce({{ blank_to_null('locations.country') }}, 'Unknown') as country,
    count(distinct activities.user_key) as mau
  from {{ ref('account_activities') }} as activities
  cross join {{ ref('as_of') }} as moment
  cross join first_months
  join {{ ref('unified_users') }} as users on users.user_key = activities.user_key
  join {{ source('chemlink', 'persons') }} as persons on persons.id = users.chemlink_id
  left join {{ source('chemlink', 'locations') }} as locations
    on locations.id = persons.location_id
    and locations.created_at <= moment.as_of
  where activities.is_activity
    and {{ has_happened('activities', 'moment') }}
    and not activities.is_test_account
    and (activities.account_deleted_at is null or activities.activity_at < activities.account_deleted_at)
    and {{ local_month('activities.activity_at') }} >= date_trunc('month', first_months.first_date::timestamp)
  group by 1, 2

)

{{ rows_that_differ('expected', ref('mau_by_country')) }}
