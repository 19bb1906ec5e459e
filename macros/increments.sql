{# How incremental models know what to look at again. docs/SCHEMA_DESIGN.md tells why. #}

{% macro built_to() -%}
  {#- Where models note how far they are built: a table beside as_of, written in the transactions that publish them. None before the first run. -#}
  {%- set moment = ref('as_of') -%}
  {{ return(adapter.get_relation(moment.database, moment.schema, 'built_to')) }}
{%- endmacro %}

{% macro definitions() -%}
  {#- What models depend on beside rows, in one hash: all models, snapshots and macros, and the variables that they read. as_of is data, and min_cell is of aggregates only. -#}
  {{ return(local_md5(definitions_checksum() ~ var('timezone') ~ var('bulk_update_threshold'))) }}
{%- endmacro %}

{% macro create_built_to() -%}
  {#- Post-hook of change_window, which all stand on that note in it: two that made the table at the same time would meet. -#}
  create table if not exists {{ ref('as_of').include(identifier=false) }}.built_to (
    model text primary key,
    fingerprint text not null,
    as_of timestamptz not null,
    ledger_at timestamptz not null
  )
{%- endmacro %}

{% macro note_what_is_built(after=[]) -%}
  {#-
    As a post-hook it is part of the publishing transaction: what failed is looked at again from where it was. A list is built as far as those that it
    stands on (`after`), whatever change_window says by now: somebody may have built only a part of them.
  -#}
  insert into {{ ref('as_of').include(identifier=false) }}.built_to (model, fingerprint, as_of, ledger_at)
  select
    '{{ model.name }}',
    '{{ definitions() }}',
    least(max(since.as_of), {{ built_after('as_of', after) }}),
    least(max(since.ledger_at), {{ built_after('ledger_at', after) }})
  from {{ ref('change_window') }} as since
  having max(since.ledger_at) is not null
  on conflict (model) do update
  set fingerprint = excluded.fingerprint, as_of = excluded.as_of, ledger_at = excluded.ledger_at
{%- endmacro %}

{% macro built_after(column, models) -%}
  {#- least() passes over null, which is what this is without models. -#}
  {%- if models | length == 0 -%}
  null
  {%- else -%}
  (
    select case when count(*) = {{ models | length }} then min(marks.{{ column }}) else '-infinity' end
    from {{ ref('as_of').include(identifier=false) }}.built_to as marks
    where marks.model in ('{{ models | join("', '") }}')
  )
  {%- endif -%}
{%- endmacro %}

{% macro looks_at_changes() -%}
  {#-
    Is it enough for this model to look at what is listed as changed (`meta: {changes: {listed: model}}`)? Only if change_window reaches back to its last
    build, the list is of this window, and nothing else than rows has changed.
  -#}
  {%- if not execute or not is_incremental() or built_to() is none -%}
    {{ return(false) }}
  {%- endif -%}
  {#- By ref(), so that a list that is not there is an error, and not a model that always computes everything. -#}
  {%- set listed = ref(config.get('meta').changes.listed) -%}
  {%- set known = run_query(
    "select 1 from " ~ built_to() ~ " as built"
    ~ " join " ~ built_to() ~ " as listed on listed.model = '" ~ listed.identifier ~ "' and listed.fingerprint = built.fingerprint"
    ~ " cross join " ~ ref('change_window') ~ " as since"
    ~ " where built.model = '" ~ model.name ~ "' and built.fingerprint = '" ~ definitions() ~ "'"
    ~ " having bool_and(since.is_certain and built.ledger_at >= since.since_ledger_at and built.as_of >= since.since_as_of"
    ~ " and listed.ledger_at = since.ledger_at and listed.as_of = since.as_of)"
  ) -%}
  {{ return(known.rows | length > 0) }}
{%- endmacro %}

{% macro get_incremental_changes_sql(arg_dict) -%}
  {#-
    The strategy `changes`: what differs between the model's query and what is published. Where the model looks only at changes, rows are compared
    that have their place in a list of them: `meta: {changes: {listed: model, by: [columns]}}`; with `among: model`, in that one, of which the list is made.
  -#}
  {%- set changes = config.get('meta').changes -%}
  {%- set predicates = none -%}
  {%- if looks_at_changes() -%}
    {%- set columns = changes.by | join(', ') -%}
    {%- set predicates = ['(' ~ columns ~ ') in (select ' ~ columns ~ ' from ' ~ ref(changes.among or changes.listed) ~ ')'] -%}
  {%- endif -%}
  {{ return(get_difference_sql(
    arg_dict['target_relation'], arg_dict['temp_relation'], arg_dict['unique_key'], arg_dict['dest_columns'], predicates
  )) }}
{%- endmacro %}

{% macro as_published(name) -%}
  {#- A model of core as the last run left it, without standing on it. None before the first run, and where another definition built it: then everything is compared. -#}
  {%- if built_to() is none -%}
    {{ return(none) }}
  {%- endif -%}
  {%- set known = run_query("select 1 from " ~ built_to() ~ " where model = '" ~ name ~ "' and fingerprint = '" ~ definitions() ~ "'") -%}
  {%- if known.rows | length == 0 -%}
    {{ return(none) }}
  {%- endif -%}
  {{ return(adapter.get_relation(this.database, generate_schema_name('core', model), name)) }}
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

{% macro owners_of_changed_records(counts, created_within=none) -%}
  {#-
    chemlink_id of those who have, or had, rows that have changed: as `since` tells, and, since a row that is somebody else's now no longer says whose it
    was, wherever a number of rows is another one than in core.user_facts as it is published. `created_within`: of interest are rows that were
    made by so many days x 24 hours after sign-up.
  -#}
  {%- set users = as_published('user_facts') if execute else none -%}
  {%- for table, count in counts.items() -%}
  select {{ table }}.person_id as chemlink_id
  from {{ source('chemlink', table) }} as {{ table }}
  join since on since.staging_table = 'chemlink_{{ table }}'
  {% if created_within is not none -%}
  join {{ ref('accounts') }} as accounts
    on accounts.chemlink_id = {{ table }}.person_id
    and {{ table }}.created_at <= accounts.signup_at + {{ n_days(created_within) }}
  {% endif -%}
  where {{ has_changed(table) }}

  {% if users is not none -%}
  union

  select coalesce(users.chemlink_id, counted.person_id)
  from {{ users }} as users
  full join (
    select {{ table }}.person_id, count(*) as records
    from {{ source('chemlink', table) }} as {{ table }}
    join since on since.staging_table = 'chemlink_{{ table }}'
    where {{ is_there(table, 'since.as_of') }}
    group by {{ table }}.person_id
  ) as counted on counted.person_id = users.chemlink_id
  where coalesce(users.{{ count }}, 0) <> coalesce(counted.records, 0)
  {%- endif %}

  {% if not loop.last %}union{% endif %}

  {% endfor -%}
{%- endmacro %}
