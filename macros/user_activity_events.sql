{% macro changed_events(events) -%}
  {#- The rows of the common table expression `events` that {{ this }} lacks or holds otherwise. -#}
  select {{ events }}.*
  from {{ events }}
  left join {{ this }} as published on published.event_id = {{ events }}.event_id
  where published.event_id is null
    or (
      {% for column in event_columns() -%}
      {{ events }}.{{ column }}{{ ', ' if not loop.last }}
      {%- endfor %}
    ) is distinct from (
      {% for column in event_columns() -%}
      published.{{ column }}{{ ', ' if not loop.last }}
      {%- endfor %}
    )
{%- endmacro %}

{% macro event_columns() -%}
  {{ return([
    'event_id', 'user_key', 'activity_type', 'is_activity', 'activity_at', 'activity_date', 'source_database', 'source_table',
    'source_id', 'metadata', 'days_since_signup', 'is_first_of_type'
  ]) }}
{%- endmacro %}

{% macro delete_gone_events() -%}
  {#- An increment adds and replaces rows; those that are deleted at the source now, or belong to nobody any more, go here. A full build has none. -#}
  {% if is_incremental() -%}
  {%- set by_account = is_by_account() %}
  delete from {{ this }} as published
  where not exists (
    select 1
    from {% if by_account -%}
    ({{ with_accounts('(' ~ activity_rows(ref('changed_accounts')) ~ ')') }})
    {%- else -%}
    {{ ref('account_activities') }}
    {%- endif %} as activities
    cross join {{ ref('as_of') }} as moment
    where activities.event_id = published.event_id
      and {{ has_happened('activities', 'moment') }}
  )
  {%- if by_account %}
    and published.user_key in (select user_key from {{ ref('changed_accounts') }})
  {%- endif %}
  {%- endif %}
{%- endmacro %}

{% macro has_happened(activity, moment) -%}
  {#- The rule for an event to be there at as_of; only its own row's deletion counts. -#}
  {{ activity }}.activity_at <= {{ moment }}.as_of
  and ({{ activity }}.deleted_at is null or {{ activity }}.deleted_at > {{ moment }}.as_of)
{%- endmacro %}
