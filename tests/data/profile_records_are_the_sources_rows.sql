-- An experience or education that is not deleted is its person's, with its own keys; if it is nobody's, it is an orphan. A user has as many as unified_users says.
{% set records = [
  ('experiences', 'experience_id', 'experience_count', ['company_id', 'role_id', 'project_id', 'location_id']),
  ('education', 'education_id', 'education_count', ['school_id', 'degree_id'])
] %}
with expected as (

  {% for table, key, count, dimensions in records -%}
  select '{{ table }}' as model, source.id, users.user_key, array[source.{{ dimensions | join(', source.') }}] as keys
  from {{ source('chemlink', table) }} as source
  cross join {{ ref('as_of') }} as moment
  left join {{ ref('unified_users') }} as users on users.chemlink_id = source.person_id
  where source.created_at <= moment.as_of
    and coalesce(source.deleted_at > moment.as_of, true)
    and coalesce(source._source_deleted_at > moment.as_of, true)
  {{ 'union all' if not loop.last }}
  {% endfor %}
),

actual as (

  {% for table, key, count, dimensions in records -%}
  select '{{ table }}' as model, {{ key }} as id, user_key, array[{{ dimensions | join(', ') }}] as keys
  from {{ ref(table) }}

  union all

  select '{{ table }}', source.id, null, array[source.{{ dimensions | join(', source.') }}]
  from {{ source('chemlink', table) }} as source
  join {{ ref('orphaned_records') }} as orphans
    on orphans.source_database = 'chemlink'
    and orphans.source_table = '{{ table }}'
    and orphans.source_id = source.id::text
  {{ 'union all' if not loop.last }}
  {% endfor %}
),

counted as (

  {% for table, key, count, dimensions in records -%}
  select '{{ table }}' as model, users.user_key
  from {{ ref('unified_users') }} as users
  left join {{ ref(table) }} as records on records.user_key = users.user_key
  group by users.user_key, users.{{ count }}
  having count(records.{{ key }}) <> users.{{ count }}
  {{ 'union all' if not loop.last }}
  {% endfor %}
)

{{ rows_that_differ('expected', 'actual') }}

union all

select 'count', model, null, user_key, null
from counted
