{# Data tests of what var('min_cell') may keep untold: they look for faults where nothing is (macros/min_cell.sql). #}

{% test not_null_unless_small(model, column_name) %}
  select {{ column_name }}
  from {{ model }}
  where {{ column_name }} is null
    and {{ 'false' if hides_small_cells() else 'true' }}
{% endtest %}

{% test expression_is_true_unless_small(model, expression) %}
  select *
  from {{ model }}
  where not ({{ expression }})
    and {{ 'false' if hides_small_cells() else 'true' }}
{% endtest %}
