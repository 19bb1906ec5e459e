{# The activities that may say something else than when user_activity_events was last built, rather one too many than one too few: their row was
   copied since, has come true or been deleted as as_of moved, or belongs to an account that is known otherwise now. #}
{{ config(post_hook="{{ note_what_is_built(after=['changed_accounts']) }}", indexes=[{'columns': ['event_id'], 'unique': true}]) }}
-- depends_on: {{ ref('as_of') }}

{%- set events = as_published('user_activity_events') if execute else none %}

with since as (

  select * from {{ ref('change_window') }}

),

moved_accounts as (

  select chemlink_id, engagement_person_id from {{ ref('changed_accounts') }} where is_moved

),

changed_seconds as (

  -- One update more can make a bulk import of a second, which takes the others' away.
  select date_trunc('second', seen.updated_at) as changed_second
  from {{ ref('profile_updates_seen') }} as seen
  join since on since.staging_table = 'chemlink_persons'
  where since.is_certain
    and (seen.seen_at > since.changed_after or (seen.updated_at > since.since_as_of and seen.updated_at <= since.as_of))

),

changed_updates as (

  select
    seen.chemlink_id,
    seen.updated_at,
    updates.chemlink_id is null as is_bulk
  from {{ ref('profile_updates_seen') }} as seen
  left join {{ ref('profile_updates') }} as updates
    on updates.chemlink_id = seen.chemlink_id
    and updates.updated_at = seen.updated_at
  where date_trunc('second', seen.updated_at) in (select changed_second from changed_seconds)
    or seen.chemlink_id in (select chemlink_id from moved_accounts)

),

changed as (

  {% for activity in activity_sources() -%}
  select {{ activity_columns(activity) }}
  from {{ source(activity.source, activity.table) }} as activity
  join since on since.staging_table = '{{ activity.source }}_{{ activity.table }}'
  where ({{ has_changed('activity') }})
    or activity.{{ activity.person }} in (
      select {{ 'chemlink_id' if activity.source == 'chemlink' else 'engagement_person_id' }}
      from moved_accounts
    )

  union all

  {% endfor -%}
  select {{ profile_update_columns("case when updates.is_bulk then '-infinity'::timestamptz end") }}
  from changed_updates as updates

)

{% if events is none -%}
select changed.*, null::uuid as was_user_key, null::timestamptz as was_at
from changed
{%- else -%}
select changed.*, published.user_key as was_user_key, published.activity_at as was_at
from changed
-- By the index, one probe each: a day changes a few of all the events.
left join lateral (
  select events.user_key, events.activity_at
  from {{ events }} as events
  where events.event_id = changed.event_id
  limit 1
) as published on true
{%- endif %}
