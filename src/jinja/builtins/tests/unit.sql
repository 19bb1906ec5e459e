{# A unit test's rows as a query: each value cast to its column's type, null where a row says nothing of a column. #}
{% macro get_fixture_sql(rows, column_name_to_data_types) -%}
    {% do validate_fixture_rows(rows, none) %}
    {{ unit_test_rows_sql(rows, column_name_to_data_types) }}
{%- endmacro %}

{# The rows that a unit test expects, in the columns that are compared. #}
{% macro get_expected_sql(rows, column_name_to_data_types, column_name_to_quoted) -%}
    {{ unit_test_rows_sql(rows, column_name_to_data_types) }}
{%- endmacro %}

{% macro unit_test_rows_sql(rows, column_name_to_data_types) -%}
{%- set nulls = {} -%}
{%- for name, data_type in column_name_to_data_types.items() -%}
{%- do nulls.update({name: safe_cast('null', data_type) | trim}) -%}
{%- endfor -%}
{%- for row in (rows if rows else [{}]) -%}
{%- set formatted = format_row(row, column_name_to_data_types) -%}
{{ 'union all ' if not loop.first }}select
{%- for name, data_type in column_name_to_data_types.items() %}
    {{ formatted[name] if name in formatted else nulls[name] }} as {{ adapter.quote(name) }}{{ ',' if not loop.last }}
{%- endfor %}
{% endfor -%}
{{ 'limit 0' if not rows }}
{%- endmacro %}

{# A row's values as SQL, by column. A text is not cut to its column's length, so that a value too long for it shows. #}
{% macro format_row(row, column_name_to_data_types) -%}
    {%- set formatted = {} -%}
    {%- for name, value in row.items() -%}
        {%- set data_type = column_name_to_data_types[name] -%}
        {%- if value is string -%}
            {%- set data_type = data_type.split('(')[0] if 'char' in data_type and ']' not in data_type else data_type -%}
            {%- do formatted.update({name: safe_cast(dbt.string_literal(dbt.escape_single_quotes(value)), data_type) | trim}) -%}
        {%- else -%}
            {%- do formatted.update({name: safe_cast('null' if value is none else value, data_type) | trim}) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(formatted) }}
{%- endmacro %}

{# Looks at the rows of a fixture before they are used; for adapters and projects to define. #}
{% macro validate_fixture_rows(rows, row_number) -%}
    {{ return(adapter.dispatch('validate_fixture_rows', 'dbt')(rows, row_number)) }}
{%- endmacro %}

{% macro default__validate_fixture_rows(rows, row_number) -%}
{%- endmacro %}
