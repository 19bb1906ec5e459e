{# Days, weeks and months are those of var('timezone'): every conversion names the zone, so that the session's TimeZone never matters. #}

{% macro local_time(moment) -%}
  ({{ moment }} at time zone '{{ var("timezone") }}')
{%- endmacro %}

{% macro local_date(moment) -%}
  {{ local_time(moment) }}::date
{%- endmacro %}

{% macro local_month(moment) -%}
  date_trunc('month', {{ local_time(moment) }})::date
{%- endmacro %}

{% macro n_days(count) -%}
  {#- A day of an interval would follow the session's daylight saving: "n days" of a rule is n x 24 hours. -#}
  interval '{{ count * 24 }} hours'
{%- endmacro %}

{% macro moment(value) -%}
  {#- A text with an offset is that instant; one without is read in var('timezone'), as a person would mean it. -#}
  {%- set text = value | string | trim | replace("'", "''") -%}
  {%- if modules.re.search('[0-9]:[0-9.]+ *([zZ]|[-+][0-9:]+)$', text) -%}
    '{{ text }}'::timestamptz
  {%- else -%}
    ('{{ text }}'::timestamp at time zone '{{ var("timezone") }}')
  {%- endif -%}
{%- endmacro %}

{% macro deleted_at(alias) -%}
  {#- A row hard-deleted at the source counts as soft-deleted when a run missed it; least() passes over nulls. -#}
  least({{ alias }}.deleted_at, {{ alias }}._source_deleted_at)
{%- endmacro %}

{% macro is_there(alias, moment) -%}
  {#- A row of a source as it is seen at a moment: created by then and not deleted by then. -#}
  (
    {{ alias }}.created_at <= {{ moment }}
    and ({{ deleted_at(alias) }} is null or {{ deleted_at(alias) }} > {{ moment }})
  )
{%- endmacro %}

{% macro is_deleted(alias, moment) -%}
  {#- For rows that are kept and flagged: is it deleted by that moment? -#}
  coalesce({{ deleted_at(alias) }} <= {{ moment }}, false)
{%- endmacro %}
