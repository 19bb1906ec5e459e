{# The people whose rows of `ai` may say something else now: what their features and labels are computed of was copied since, has come true or ended as
   as_of moved; or a moment of observation, or the end of a label's window, has come. #}

with since as (

  select * from {{ ref('change_window') }}

),

span as (

  select min(since_as_of) as since_as_of, max(as_of) as as_of from since where is_certain

),

changed_persons as (

  -- A feature looks at the days from sign-up to the observation, a label at those after it, once its window is over.
  select accounts.chemlink_id
  from {{ ref('changed_days') }} as days
  join {{ ref('accounts') }} as accounts on accounts.user_key = days.user_key
  cross join span
  where days.activity_date >= {{ local_date('accounts.signup_at') }}
    and (
      {% for example in examples() -%}
      days.activity_date <= {{ local_date('accounts.signup_at') }} + {{ example.observed + 1 }}
      or (
        days.activity_date <= {{ local_date('accounts.signup_at') }} + {{ example.observed + example.labels + 1 }}
        and accounts.signup_at + {{ n_days(example.observed + example.labels) }} <= span.as_of
      )
      {{ 'or ' if not loop.last }}
      {%- endfor %}
    )

  union

  select persons.id
  from {{ source('chemlink', 'persons') }} as persons
  join since on since.staging_table = 'chemlink_persons'
  where {{ has_changed('persons') }}

  union

  select links.chemlink_id
  from {{ source('engagement', 'persons') }} as persons
  join since on since.staging_table = 'engagement_persons'
  join {{ ref('engagement_links') }} as links on links.engagement_person_id = persons.id
  where {{ has_changed('persons') }}

  union

  {{ owners_of_changed_records({'experiences': 'experience_count', 'education': 'education_count', 'person_languages': 'language_count'}) }}
  union

  select accounts.chemlink_id
  from {{ ref('accounts') }} as accounts
  cross join span
  cross join (
    values
    {% for example in examples() -%}
    ({{ n_days(example.observed) }}), ({{ n_days(example.observed + example.labels) }}){{ ',' if not loop.last }}
    {% endfor -%}
  ) as moments (since_signup)
  where accounts.signup_at + moments.since_signup > span.since_as_of
    and accounts.signup_at + moments.since_signup <= span.as_of

)

select accounts.chemlink_id, accounts.user_key, {{ keyed_hash('accounts.user_key') }} as example_id
from {{ ref('accounts') }} as accounts
where accounts.chemlink_id in (select chemlink_id from changed_persons)

union

select chemlink_id, user_key, {{ keyed_hash('user_key') }} from {{ ref('changed_accounts') }}
