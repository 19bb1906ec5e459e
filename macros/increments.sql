{# How an incremental model knows what to look at again: which accounts anything has changed about since it was last built. docs/SCHEMA_DESIGN.md tells why. #}

{% macro incremental_by_account() -%}
  {#- The models that write only what changed about the accounts of `changed_accounts`; each notes how far it is built. -#}
  {{ return(['user_activity_events', 'user_journey_events']) }}
{%- endmacro %}

{% macro built_to() -%}
  {#- Where those models note it: a table beside as_of, written in the transactions that publish them. None before the first run. -#}
  {%- set moment = ref('as_of') -%}
  {{ return(adapter.get_relation(moment.database, moment.schema, 'built_to')) }}
{%- endmacro %}

{% macro previously_published(name) -%}
  {#- A relation of `core` as the last run left it, without standing on it: what it says of owners may be out of date, which is what is asked. None before the first run. -#}
  {{ return(adapter.get_relation(this.database, generate_schema_name('core', model), name)) }}
{%- endmacro %}

{% macro has_changed(row) -%}
  {#- May a staging row have changed what it says at as_of? `since` is its row of change_window: copied after it, or come true since. Where that is uncertain everything is compared, and nobody is listed. -#}
  since.is_certain
  and (
    {{ row }}._synced_at > since.changed_after
    or {{ row }}.created_at > since.since_as_of
    or {{ deleted_at(row) }} > since.since_as_of
  )
{%- endmacro %}

{% macro definitions_fingerprint() -%}
  {#- What a model's rows depend on beside its inputs: where it is another than at the last build, the whole is compared. -#}
  {{ return(local_md5([
    model.raw_code, var('timezone'), var('bulk_update_threshold') | string, local_date('x'), n_days(1), is_activating('x'), is_there('x', 'y'),
    has_happened('x', 'y'), person_columns_score('x'), experience_score(), education_score(), activity_rows(), with_accounts('x')
  ] | join('|'))) }}
{%- endmacro %}

{% macro is_by_account() -%}
  {#- Is it enough to look at the changed accounts? Only if change_window reaches back to the last build of {{ this }}, and nothing else than rows has changed. -#}
  {%- set marks = built_to() -%}
  {%- if not execute or not is_incremental() or marks is none -%}
    {{ return(false) }}
  {%- endif -%}
  {%- set known = run_query(
    "select 1 from " ~ marks ~ " as built cross join " ~ ref('change_window') ~ " as since"
    ~ " where built.model = '" ~ model.name ~ "' and built.fingerprint = '" ~ definitions_fingerprint() ~ "'"
    ~ " having count(*) > 0 and bool_and(since.is_certain and built.ledger_at >= since.since_ledger_at and built.as_of >= since.since_as_of)"
  ) -%}
  {{ return(known.rows | length > 0) }}
{%- endmacro %}

{% macro note_what_is_built() -%}
  {#- As a post-hook it is part of the publishing transaction: a model that failed is looked at again from where it was. -#}
  {%- set moment = ref('as_of') -%}
  {%- set marks = moment.include(identifier=false) ~ '.built_to' -%}
  create table if not exists {{ marks }} (
    model text primary key,
    fingerprint text not null,
    as_of timestamptz not null,
    ledger_at timestamptz not null
  );
  insert into {{ marks }} (model, fingerprint, as_of, ledger_at)
  select '{{ model.name }}', '{{ definitions_fingerprint() }}', max(since.as_of), max(since.ledger_at)
  from {{ ref('change_window') }} as since
  having max(since.ledger_at) is not null
  on conflict (model) do update
  set fingerprint = excluded.fingerprint, as_of = excluded.as_of, ledger_at = excluded.ledger_at
{%- endmacro %}
