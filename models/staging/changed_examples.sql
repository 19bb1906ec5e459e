{# The people whose rows of `ai` may say something else now: what their features and labels are computed of was copied since, has come true or ended as
   as_of moved; or a moment of observation, or the end of a label's window, has come. #}
{{ config(post_hook="{{ note_what_is_built(after=['changed_accounts', 'changed_activities']) }}") }}
-- depends_on: {{ ref('as_of') }}

with since as (

  select * from {{ ref('change_window') }}

),

span as (

  select min(since_as_of) as since_as_of, max(as_of) as as_of from since where is_certain

),

-- What was done, deleted or not, where it was and where it is. A deletion counts for what looks at a time after it; of what is new, all of it.
changed_moments as (

  select
    activities.user_key,
    activities.activity_at,
    case
      when changed.was_user_key = activities.user_key and changed.was_at = activities.activity_at then activities.deleted_at
      else '-infinity'
    end as counts_from
  from (
    {{ with_accounts(ref('changed_activities')) }}
  ) as activities
  join {{ ref('changed_activities') }} as changed on changed.event_id = activities.event_id

  union all

  select was.was_user_key, was.was_at, '-infinity'
  from {{ ref('changed_activities') }} as was
  left join (
    {{ with_accounts(ref('changed_activities')) }}
  ) as activities on activities.event_id = was.event_id
  where (activities.user_key, activities.activity_at) is distinct from (was.was_user_key, was.was_at)
    and was.was_user_key is not null

),

changed_persons as (

  -- A feature looks at what lies between sign-up and the observation, a label at what follows, once its window is over.
  select accounts.chemlink_id
  from changed_moments
  join {{ ref('accounts') }} as accounts on accounts.user_key = changed_moments.user_key
  cross join span
  where changed_moments.activity_at >= accounts.signup_at
    and (
      {% for example in examples() -%}
      {% for days in [example.observed, example.observed + example.labels] -%}
      (
        changed_moments.activity_at <= accounts.signup_at + {{ n_days(days) }}
        and changed_moments.counts_from <= accounts.signup_at + {{ n_days(days) }}
        and accounts.signup_at + {{ n_days(days) }} <= span.as_of
      )
      {{ 'or ' if not loop.last }}
      {%- endfor %}
      {{ 'or ' if not loop.last }}
      {%- endfor %}
    )

  union

  -- A version of them that was valid by the last observation came to be known.
  select accounts.chemlink_id
  from {{ ref('chemlink_persons_history') }} as history
  join since on since.staging_table = 'chemlink_persons'
  join {{ ref('accounts') }} as accounts on accounts.chemlink_id = history.id
  where since.is_certain
    and history.snapshot_at > since.changed_after
    and history.valid_from <= accounts.signup_at + {{ n_days(examples() | map(attribute='observed') | max) }}

  union

  {{ owners_of_changed_records(
    {'experiences': 'experience_count', 'education': 'education_count', 'person_languages': 'language_count'},
    created_within=examples() | map(attribute='observed') | max
  ) }}
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
