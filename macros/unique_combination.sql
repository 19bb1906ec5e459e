{% test unique_combination(model, columns) %}
  {#- A key of several columns: its repeated values, and those with a null. -#}
  select {{ columns | join(', ') }}, count(*) as occurrences
  from {{ model }}
  group by {{ columns | join(', ') }}
  having count(*) > 1
    {% for column in columns -%}
    or {{ column }} is null
    {% endfor %}
{% endtest %}
