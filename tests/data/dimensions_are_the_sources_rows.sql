-- A dimension has each row that the source had by as_of, deleted or not, with its names as they are and null where there is nothing to read.
{% set dimensions = [
  ('dim_companies', 'companies', 'company_id', {'company_name': 'name'}),
  ('dim_roles', 'roles', 'role_id', {'role_title': 'title'}),
  ('dim_locations', 'locations', 'location_id', {'country': 'country', 'city': 'city'}),
  ('dim_schools', 'schools', 'school_id', {'school_name': 'name', 'location': 'location'}),
  ('dim_degrees', 'degrees', 'degree_id', {'degree_name': 'name', 'degree_type': 'type'}),
  ('dim_projects', 'projects', 'project_id', {'project_name': 'name'})
] %}
with expected as (

  {% for model, table, key, names in dimensions -%}
  select
    '{{ model }}' as model,
    source.id,
    array[
      {%- for column, name in names.items() %}
      case when source.{{ name }} ~ '[^[:space:]]' then source.{{ name }}::text end{{ ',' if not loop.last }}
      {%- endfor %}
    ] as names,
    coalesce(source.deleted_at <= moment.as_of, false) or coalesce(source._source_deleted_at <= moment.as_of, false) as is_deleted
  from {{ source('chemlink', table) }} as source
  cross join {{ ref('as_of') }} as moment
  where source.created_at <= moment.as_of

  union all

  {% endfor -%}
  select
    'glossary_terms',
    source.id,
    array[source.term::text, source.meaning, case when source.category ~ '[^[:space:]]' then source.category::text end, source.description],
    false
  from {{ source('chemlink', 'glossary') }} as source
  cross join {{ ref('as_of') }} as moment
  where source.created_at <= moment.as_of
    and coalesce(source._source_deleted_at > moment.as_of, true)

),

actual as (

  {% for model, table, key, names in dimensions -%}
  select '{{ model }}' as model, {{ key }} as id, array[{{ names.keys() | join(', ') }}] as names, is_deleted from {{ ref(model) }}
  union all
  {% endfor -%}
  select 'glossary_terms', glossary_id, array[term, meaning, category, description], false from {{ ref('glossary_terms') }}

)

{{ rows_that_differ('expected', 'actual') }}
