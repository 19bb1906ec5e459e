{# The people whose facts or journey may be others now than when core.user_facts was last built, each with every key that they have or had. #}
{{ config(post_hook="{{ note_what_is_built(after=['changed_accounts', 'changed_days']) }}") }}
-- depends_on: {{ ref('as_of') }}

{%- set users = as_published('user_facts') if execute else none %}

with since as (

  select * from {{ ref('change_window') }}

),

changed_persons as (

  select accounts.chemlink_id
  from {{ ref('changed_days') }} as days
  join {{ ref('accounts') }} as accounts on accounts.user_key = days.user_key

  union

  select persons.id
  from {{ source('chemlink', 'persons') }} as persons
  join since on since.staging_table = 'chemlink_persons'
  where {{ has_changed('persons') }}

  union

  -- Where somebody lives has another name.
  select persons.id
  from {{ source('chemlink', 'persons') }} as persons
  join {{ source('chemlink', 'locations') }} as locations on locations.id = persons.location_id
  join since on since.staging_table = 'chemlink_locations'
  where {{ has_changed('locations') }}

  union

  {{ owners_of_changed_records({'experiences': 'experience_count', 'education': 'education_count', 'person_languages': 'language_count'}) }}
  union

  select links.chemlink_id
  from {{ source('engagement', 'mentions') }} as mentions
  join since on since.staging_table = 'engagement_mentions'
  join {{ ref('engagement_links') }} as links on links.engagement_person_id = mentions.mentioned_person_id
  where {{ has_changed('mentions') }}

  {% if users is not none -%}
  union

  -- A mention that is somebody else's now.
  select users.chemlink_id
  from {{ users }} as users
  left join (
    select mentions.mentioned_person_id, count(*) as records
    from {{ source('engagement', 'mentions') }} as mentions
    join since on since.staging_table = 'engagement_mentions'
    where {{ is_there('mentions', 'since.as_of') }}
    group by mentions.mentioned_person_id
  ) as counted on counted.mentioned_person_id = users.engagement_person_id
  where users.mentions_received <> coalesce(counted.records, 0)

  union

  -- Nothing has happened to them, and by now that is a silence of 30 or 90 days.
  select users.chemlink_id
  from {{ users }} as users
  cross join (select min(since_as_of) as since_as_of, max(as_of) as as_of from since where is_certain) as span
  cross join (values ({{ n_days(30) }}), ({{ n_days(90) }})) as silences (length)
  where coalesce(users.last_activity_date, users.signup_date) + silences.length >= span.since_as_of
    and coalesce(users.last_activity_date, users.signup_date) + silences.length < span.as_of
  {%- endif %}

)

select accounts.chemlink_id, accounts.user_key
from {{ ref('accounts') }} as accounts
where accounts.chemlink_id in (select chemlink_id from changed_persons)

union

select chemlink_id, user_key from {{ ref('changed_accounts') }}
