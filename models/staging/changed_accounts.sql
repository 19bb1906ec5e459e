{# The accounts that anything may have changed about since the models that are built by account were: what those look at again. Rather one too many
   than one too few: an account is here for an edit of its profile, for a row of its own that was copied or has come true, for a link that moved. #}
{{ config(indexes=[{'columns': ['user_key'], 'unique': true}]) }}

{%- set events = previously_published('user_activity_events') if execute else none %}
{%- set users = previously_published('unified_users') if execute else none %}

with changed_persons as (

  select persons.id as chemlink_id
  from {{ source('chemlink', 'persons') }} as persons
  join {{ ref('change_window') }} as since on since.staging_table = 'chemlink_persons'
  where {{ has_changed('persons') }}

),

changed_engagement_persons as (

  select persons.id as engagement_person_id
  from {{ source('engagement', 'persons') }} as persons
  join {{ ref('change_window') }} as since on since.staging_table = 'engagement_persons'
  where {{ has_changed('persons') }}

),

changed_activities as (

  {% for activity in activity_sources() -%}
  select
    '{{ activity.source }}.{{ activity.table }}:' || activity.id as event_id,
    {% if activity.source == 'chemlink' -%}
    activity.{{ activity.person }} as chemlink_id,
    null::uuid as engagement_person_id
    {%- else -%}
    null::bigint as chemlink_id,
    activity.{{ activity.person }} as engagement_person_id
    {%- endif %}
  from {{ source(activity.source, activity.table) }} as activity
  join {{ ref('change_window') }} as since on since.staging_table = '{{ activity.source }}_{{ activity.table }}'
  where {{ has_changed('activity') }}

  {{ 'union all' if not loop.last }}

  {% endfor -%}
),

{% for table in ['experiences', 'education'] -%}
changed_{{ table }} as (

  select {{ table }}.person_id as chemlink_id
  from {{ source('chemlink', table) }} as {{ table }}
  join {{ ref('change_window') }} as since on since.staging_table = 'chemlink_{{ table }}'
  where {{ has_changed(table) }}

),

{% endfor -%}
changed_updates as (

  select
    seen.chemlink_id,
    date_trunc('second', seen.updated_at) as updated_second
  from {{ ref('profile_updates_seen') }} as seen
  join {{ ref('change_window') }} as since on since.staging_table = 'chemlink_persons'
  where since.is_certain
    and (seen.seen_at > since.changed_after or seen.updated_at > since.since_as_of)

),

-- A second that has become a bulk import takes the updates of others in it away.
updates_of_the_same_second as (

  select seen.chemlink_id
  from {{ ref('profile_updates_seen') }} as seen
  where date_trunc('second', seen.updated_at) in (select updated_second from changed_updates)

),

changed_accounts as (

  {% for people in ['changed_persons', 'changed_experiences', 'changed_education', 'updates_of_the_same_second', 'changed_activities'] -%}
  select accounts.user_key
  from {{ people }}
  join {{ ref('accounts') }} as accounts on accounts.chemlink_id = {{ people }}.chemlink_id
  union
  {% endfor -%}
  {% for people in ['changed_engagement_persons', 'changed_activities'] -%}
  select links.user_key
  from {{ people }}
  join {{ ref('engagement_links') }} as links on links.engagement_person_id = {{ people }}.engagement_person_id
  where links.user_key is not null
  {{ 'union' if not loop.last }}
  {% endfor -%}
  {% if events is not none and users is not none -%}
  -- Whose it was until now.
  union
  select events.user_key
  from changed_activities
  join {{ events }} as events on events.event_id = changed_activities.event_id
  union
  select users.user_key
  from changed_engagement_persons
  join {{ users }} as users on users.engagement_person_id = changed_engagement_persons.engagement_person_id
  union
  select users.user_key
  from changed_persons
  join {{ users }} as users on users.chemlink_id = changed_persons.chemlink_id
  {%- endif %}

)

select
  changed_accounts.user_key,
  accounts.chemlink_id,
  accounts.engagement_person_id
from changed_accounts
left join {{ ref('accounts') }} as accounts on accounts.user_key = changed_accounts.user_key
