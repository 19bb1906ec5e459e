{# The generic tests that every project has. A test gives the rows that are wrong. #}

{% test unique(model, column_name) %}
    {{ adapter.dispatch('test_unique', 'dbt')(model, column_name) }}
{% endtest %}

{% macro default__test_unique(model, column_name) %}
select
    {{ column_name }} as unique_field,
    count(*) as n_records
from {{ model }}
where {{ column_name }} is not null
group by {{ column_name }}
having count(*) > 1
{% endmacro %}

{% test not_null(model, column_name) %}
    {{ adapter.dispatch('test_not_null', 'dbt')(model, column_name) }}
{% endtest %}

{# All columns where the failing rows are kept, for whoever reads them. #}
{% macro default__test_not_null(model, column_name) %}
select {{ '*' if should_store_failures() else column_name }}
from {{ model }}
where {{ column_name }} is null
{% endmacro %}

{% test accepted_values(model, column_name, values, quote=True) %}
    {{ adapter.dispatch('test_accepted_values', 'dbt')(model, column_name, values, quote) }}
{% endtest %}

{% macro default__test_accepted_values(model, column_name, values, quote=True) %}
select *
from (
    select
        {{ column_name }} as value_field,
        count(*) as n_records
    from {{ model }}
    group by {{ column_name }}
) as found
where value_field not in (
    {%- for value in values %}
    {{ "'" ~ value ~ "'" if quote else value }}{{ ',' if not loop.last }}
    {%- endfor %}
)
{% endmacro %}

{% test relationships(model, column_name, to, field) %}
    {{ adapter.dispatch('test_relationships', 'dbt')(model, column_name, to, field) }}
{% endtest %}

{# `to` may be a relation or the text of a query in brackets. #}
{% macro default__test_relationships(model, column_name, to, field) %}
select child.from_field
from (
    select {{ column_name }} as from_field
    from {{ model }}
    where {{ column_name }} is not null
) as child
left join (
    select {{ field }} as to_field
    from {{ to }}
) as parent on parent.to_field = child.from_field
where parent.to_field is null
{% endmacro %}

{% test expression_is_true(model, expression, column_name=none) %}
    {{ adapter.dispatch('test_expression_is_true', 'dbt')(model, expression, column_name) }}
{% endtest %}

{# Of a column, the expression is what follows its name: `>= 0`. A row for which it is neither true nor false passes. #}
{% macro default__test_expression_is_true(model, expression, column_name=none) %}
select *
from {{ model }}
where not ({{ expression if column_name is none else column_name ~ ' ' ~ expression }})
{% endmacro %}
