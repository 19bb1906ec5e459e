{# The activities of changed_examples that features and labels look at, deleted or not: read once for all datasets of `ai`. #}
{{ config(post_hook="{{ note_what_is_built(after=['changed_examples']) }}", indexes=[{'columns': ['user_key']}]) }}
-- depends_on: {{ ref('change_window') }}

select
  activities.user_key,
  activities.activity_type,
  activities.is_activity,
  activities.activity_at,
  activities.known_from,
  activities.deleted_at
from {{ ref('account_activities') }} as activities
cross join {{ ref('as_of') }} as moment
where activities.user_key in (select user_key from {{ ref('changed_examples') }})
  and activities.activity_at >= activities.signup_at
  and (
    {% for example in examples() -%}
    activities.activity_at <= activities.signup_at + {{ n_days(example.observed) }}
    or (
      activities.activity_at <= activities.signup_at + {{ n_days(example.observed + example.labels) }}
      and activities.signup_at + {{ n_days(example.observed + example.labels) }} <= moment.as_of
    )
    {{ 'or ' if not loop.last }}
    {%- endfor %}
  )
