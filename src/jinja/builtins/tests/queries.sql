{# What a data test's query becomes: one row that counts its failures and judges them. #}
{% macro get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) -%}
    {{ adapter.dispatch('get_test_sql', 'dbt')(main_sql, fail_calc, warn_if, error_if, limit) }}
{%- endmacro %}

{% macro default__get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) -%}
select
    {{ fail_calc }} as failures,
    {{ fail_calc }} {{ warn_if }} as should_warn,
    {{ fail_calc }} {{ error_if }} as should_error
from (
    {{ main_sql }}
    {{ 'limit ' ~ limit if limit is not none }}
) as dbt_internal_test
{%- endmacro %}

{# What `model` means inside a generic test: the relation, or those of its rows that the test's `where` keeps. #}
{% macro get_where_subquery(relation) -%}
    {{ return(adapter.dispatch('get_where_subquery', 'dbt')(relation)) }}
{%- endmacro %}

{% macro default__get_where_subquery(relation) -%}
    {%- set where = config.get('where', '') -%}
    {{ return('(select * from ' ~ relation ~ ' where ' ~ where ~ ') dbt_subquery' if where else relation) }}
{%- endmacro %}

{# A unit test's rows as they are and as they should be, told apart by a column. #}
{% macro get_unit_test_sql(main_sql, expected_fixture_sql, expected_column_names) -%}
    {{ adapter.dispatch('get_unit_test_sql', 'dbt')(main_sql, expected_fixture_sql, expected_column_names) }}
{%- endmacro %}

{% macro default__get_unit_test_sql(main_sql, expected_fixture_sql, expected_column_names) -%}
{%- set columns = expected_column_names | join(', ') -%}
{%- set marker = adapter.quote('actual_or_expected') -%}
select {{ columns }}, {{ dbt.string_literal('actual') }} as {{ marker }}
from (
    {{ main_sql }}
) as actual_rows
union all
select {{ columns }}, {{ dbt.string_literal('expected') }} as {{ marker }}
from (
    {{ expected_fixture_sql }}
) as expected_rows
{%- endmacro %}
