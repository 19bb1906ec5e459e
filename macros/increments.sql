{# How user_activity_events knows what to look at again. docs/SCHEMA_DESIGN.md tells why. #}

{% macro built_to() -%}
  {#- Where models note how far they are built: a table beside as_of, written in the transactions that publish them. None before the first run. -#}
  {%- set moment = ref('as_of') -%}
  {{ return(adapter.get_relation(moment.database, moment.schema, 'built_to')) }}
{%- endmacro %}

{% macro note_what_is_built(fingerprint='') -%}
  {#- As a post-hook it is part of the publishing transaction: what failed is looked at again from where it was. -#}
  {%- set moment = ref('as_of') -%}
  {%- set marks = moment.include(identifier=false) ~ '.built_to' -%}
  create table if not exists {{ marks }} (
    model text primary key,
    fingerprint text not null,
    as_of timestamptz not null,
    ledger_at timestamptz not null
  );
  insert into {{ marks }} (model, fingerprint, as_of, ledger_at)
  select '{{ model.name }}', '{{ fingerprint }}', max(since.as_of), max(since.ledger_at)
  from {{ ref('change_window') }} as since
  having max(since.ledger_at) is not null
  on conflict (model) do update
  set fingerprint = excluded.fingerprint, as_of = excluded.as_of, ledger_at = excluded.ledger_at
{%- endmacro %}

{% macro published_users() -%}
  {#- core.unified_users as the last run left it, without standing on it: whose account was whose when the events were built. None before the first run. -#}
  {{ return(adapter.get_relation(this.database, generate_schema_name('core', model), 'unified_users')) }}
{%- endmacro %}

{% macro has_changed(row) -%}
  {#- May a staging row say something else at as_of than it did? `since` is its row of change_window: copied after it, or come true in it. -#}
  since.is_certain
  and (
    {{ row }}._synced_at > since.changed_after
    or ({{ row }}.created_at > since.since_as_of and {{ row }}.created_at <= since.as_of)
    or ({{ deleted_at(row) }} > since.since_as_of and {{ deleted_at(row) }} <= since.as_of)
  )
{%- endmacro %}
