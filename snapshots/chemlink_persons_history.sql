{% snapshot chemlink_persons_history %}
{#
  What a person was at a moment: the columns that the warehouse reads and the source overwrites. Personal data, so it stays in staging.

  A version is valid from the source's updated_at where that moved since the version before, since the change was made then and not when a run
  noticed it; otherwise (a change that did not touch updated_at, or a row seen for the first time) from the start of the run that brought it.
  Only the check strategy finds changes that leave updated_at alone, and its `updated_at` option is the column that a version's valid_from is
  taken from: `changed_at`, found by comparing with the versions that are current now. updated_at is compared too, so that each version has the
  value that the next one is compared with.
  snapshot_at is the start of the run that took the version: before a person's first one nothing is known, whatever valid_from says.
#}
{{ config(
    unique_key='id',
    strategy='check',
    updated_at='changed_at',
    check_cols=[
      'person_id', 'first_name', 'last_name', 'email', 'headline_description', 'linked_in_url',
      'location_id', 'company_id', 'role_id', 'has_finder', 'created_at', 'updated_at', 'deleted_at', '_source_deleted_at'
    ],
    snapshot_meta_column_names={
      'dbt_valid_from': 'valid_from',
      'dbt_valid_to': 'valid_to',
      'dbt_scd_id': 'version_id',
      'dbt_updated_at': 'version_updated_at'
    }
) }}

{%- set history = none if flags.DISCARD_HISTORY else adapter.get_relation(database=this.database, schema=this.schema, identifier=this.identifier) %}

with last_run as (

  select clocks.run_started_at
  from {{ source('chemflow', 'source_clocks') }} as clocks
  where clocks.staging_schema = '{{ source("chemlink", "persons").schema }}'
    and clocks.source_name = 'chemlink'

)

select
  persons.id,
  persons.person_id,
  persons.first_name,
  persons.last_name,
  persons.email,
  persons.headline_description,
  persons.linked_in_url,
  persons.location_id,
  persons.company_id,
  persons.role_id,
  persons.has_finder,
  persons.created_at,
  persons.updated_at,
  persons.deleted_at,
  persons._source_deleted_at,
  last_run.run_started_at as snapshot_at,
  {% if history is none -%}
  last_run.run_started_at as changed_at
  {%- else -%}
  case
    when known.id is not null and persons.updated_at <> known.updated_at then persons.updated_at
    else last_run.run_started_at
  end as changed_at
  {%- endif %}
from {{ source('chemlink', 'persons') }} as persons
cross join last_run
{% if history is not none -%}
left join {{ history }} as known
  on known.id = persons.id
  and known.valid_to is null
{%- endif %}

{% endsnapshot %}
