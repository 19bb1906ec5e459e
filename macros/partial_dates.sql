{# Dates as people and old importers typed them: `4-2011`, `04-2011`, `2011-04`, `2011-04-01`, `2011`, `Present`, nothing, and nonsense. #}

{% macro partial_date_parts(expression) -%}
  {#- {year, month, day} as typed, the last one or two null where they were not; null for any other form. -#}
  regexp_match(
    regexp_replace({{ trimmed(expression) }}, '^([0-9]{1,2})-([0-9]{4})$', '\2-\1'),
    '^([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?$'
  )::int[]
{%- endmacro %}

{% macro built_date(parts) -%}
  {#- A date of these parts that cannot fail, whatever they are: right if they are in the calendar, another date if not. -#}
  make_date(greatest({{ parts }}[1], 1), least(greatest(coalesce({{ parts }}[2], 1), 1), 12), 1) + coalesce({{ parts }}[3], 1) - 1
{%- endmacro %}

{% macro is_typed_date(parts, date) -%}
  {#- Is `date`, built of the parts, the one that was typed? 2019-02-29 became 2019-03-01, and month 13 became 12. -#}
  (extract(year from {{ date }}), extract(month from {{ date }}), extract(day from {{ date }}))
    = ({{ parts }}[1], coalesce({{ parts }}[2], 1), coalesce({{ parts }}[3], 1))
{%- endmacro %}

{% macro partial_date_precision(parts) -%}
  case
    when {{ parts }}[3] is not null then 'day'
    when {{ parts }}[2] is not null then 'month'
    else 'year'
  end
{%- endmacro %}

{% macro is_present(expression) -%}
  coalesce(lower({{ trimmed(expression) }}) = 'present', false)
{%- endmacro %}
