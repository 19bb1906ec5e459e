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
