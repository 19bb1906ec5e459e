{{ config(
    materialized='incremental',
    incremental_strategy='difference',
    unique_key=['source_database', 'source_table', 'source_id'],
    meta={'changes': {'listed': 'changed_activities'}},
    on_schema_change='sync_all_columns',
    post_hook="{{ note_what_is_built() }}",
    indexes=[{'columns': ['source_database', 'source_table', 'source_id'], 'unique': true}]
) }}
-- depends_on: {{ ref('activities') }}, {{ ref('changed_activities') }}, {{ ref('change_window') }}
{% for activity in activity_sources() -%}
-- depends_on: {{ source(activity.source, activity.table) }}
{% endfor %}
{%- set by_change = looks_at_changes() %}

with {% if by_change -%}
-- Those that may have become an orphan, and those that may be none any more or for another reason.
reviewed as (

  select source_database, source_table, source_id
  from {{ ref('changed_activities') }}
  where is_activity

  union

  select source_database, source_table, source_id
  from {{ this }}

),

reviewed_activities as (

  {% for activity in activity_sources() -%}
  select {{ activity_columns(activity) }}
  from {{ source(activity.source, activity.table) }} as activity
  where activity.id in (
    select source_id::{{ {'chemlink': 'bigint', 'engagement': 'uuid'}[activity.source] }}
    from reviewed
    where source_database = '{{ activity.source }}'
      and source_table = '{{ activity.table }}'
  )

  {{ 'union all' if not loop.last }}

  {% endfor -%}
),

{% endif -%}
records as (

  -- The seven activities; a profile update always has its person.
  select
    source_database,
    source_table,
    source_id,
    activity_at as created_at,
    deleted_at,
    chemlink_id,
    engagement_person_id
  from {{ 'reviewed_activities' if by_change else ref('activities') }}
  where is_activity

  {% for table in ['experiences', 'education', 'person_languages'] -%}
  union all

  select
    'chemlink'::text as source_database,
    '{{ table }}'::text as source_table,
    children.id::text as source_id,
    children.created_at,
    {{ deleted_at('children') }} as deleted_at,
    children.person_id as chemlink_id,
    null::uuid as engagement_person_id
  from {{ source('chemlink', table) }} as children

  {% endfor -%}
  union all

  select
    'engagement'::text as source_database,
    'persons'::text as source_table,
    links.engagement_person_id::text as source_id,
    links.created_at,
    links.deleted_at,
    null::bigint as chemlink_id,
    links.engagement_person_id
  from {{ ref('engagement_links') }} as links

)

select
  records.source_database,
  records.source_table,
  records.source_id,
  case
    when records.source_database = 'chemlink' or links.engagement_person_id is null then 'person_missing'
    else links.orphan_reason
  end as reason
from records
cross join {{ ref('as_of') }} as moment
left join {{ ref('accounts') }} as accounts on accounts.chemlink_id = records.chemlink_id
left join {{ ref('engagement_links') }} as links on links.engagement_person_id = records.engagement_person_id
where records.created_at <= moment.as_of
  and (records.deleted_at is null or records.deleted_at > moment.as_of)
  and case
    when records.source_database = 'chemlink' then accounts.chemlink_id is null
    else links.engagement_person_id is null or links.orphan_reason is not null
  end
