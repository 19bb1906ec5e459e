{% macro event_columns() -%}
  {{ return([
    'event_id', 'user_key', 'activity_type', 'is_activity', 'activity_at', 'activity_date', 'source_database', 'source_table',
    'source_id', 'metadata', 'days_since_signup', 'is_first_of_type'
  ]) }}
{%- endmacro %}

{% macro event_row(is_first_of_type) -%}
    event_id,
    user_key,
    activity_type,
    is_activity,
    activity_at,
    {{ local_date('activity_at') }} as activity_date,
    source_database,
    source_table,
    source_id,
    metadata,
    {{ local_date('activity_at') }} - {{ local_date('signup_at') }} as days_since_signup,
    {{ is_first_of_type }} as is_first_of_type
{%- endmacro %}

{% macro has_happened(activity, moment) -%}
  {#- The rule for an event to be there at as_of; only its own row's deletion counts. -#}
  {{ activity }}.activity_at <= {{ moment }}.as_of
  and ({{ activity }}.deleted_at is null or {{ activity }}.deleted_at > {{ moment }}.as_of)
{%- endmacro %}

{% macro is_other_event(left, right) -%}
  (
    {% for column in event_columns() -%}
    {{ left }}.{{ column }}{{ ', ' if not loop.last }}
    {%- endfor %}
  ) is distinct from (
    {% for column in event_columns() -%}
    {{ right }}.{{ column }}{{ ', ' if not loop.last }}
    {%- endfor %}
  )
{%- endmacro %}

{% macro events_fingerprint() -%}
  {#- What the events depend on beside rows: where it is another than at the last build, all of them are compared. -#}
  {{ return(local_md5(
    [model.raw_code, var('timezone'), var('bulk_update_threshold') | string, event_row('x'), has_happened('x', 'y'), with_accounts('x'), profile_update_columns('x')]
    | join('|') ~ activity_sources() | map('string') | join('|')
  )) }}
{%- endmacro %}

{% macro is_by_event() -%}
  {#- Is it enough to look at changed_activities? Only if change_window reaches back to the last build of {{ this }}, and nothing else than rows has changed. -#}
  {%- if not execute or not is_incremental() or built_to() is none -%}
    {{ return(false) }}
  {%- endif -%}
  {%- set known = run_query(
    "select 1 from " ~ built_to() ~ " as built cross join " ~ ref('change_window') ~ " as since"
    ~ " where built.model = '" ~ model.name ~ "' and built.fingerprint = '" ~ events_fingerprint() ~ "'"
    ~ " having bool_and(since.is_certain and built.ledger_at >= since.since_ledger_at and built.as_of >= since.since_as_of)"
  ) -%}
  {{ return(known.rows | length > 0) }}
{%- endmacro %}

{% macro delete_gone_events() -%}
  {#- An increment adds and replaces rows; those that are deleted at the source now, or belong to nobody any more, go here. A full build has none. -#}
  {% if is_incremental() -%}
  {%- set by_event = is_by_event() %}
  delete from {{ this }} as published
  where not exists (
    select 1
    from {{ '(' ~ with_accounts(ref('changed_activities')) ~ ')' if by_event else ref('account_activities') }} as activities
    cross join {{ ref('as_of') }} as moment
    where activities.event_id = published.event_id
      and {{ has_happened('activities', 'moment') }}
  )
  {%- if by_event %}
    and published.event_id in (select event_id from {{ ref('changed_activities') }})
  {%- endif %}
  {%- endif %}
{%- endmacro %}
