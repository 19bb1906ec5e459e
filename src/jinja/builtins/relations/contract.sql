{# Contracts: the columns that a properties file promises, compared with what the query gives. #}

{% macro get_table_columns_and_constraints() -%}
  {{ adapter.dispatch('get_table_columns_and_constraints', 'dbt')() }}
{%- endmacro %}

{% macro default__get_table_columns_and_constraints() -%}
  {{ return(table_columns_and_constraints()) }}
{%- endmacro %}

{% macro table_columns_and_constraints() -%}
  {%- set columns = adapter.render_raw_columns_constraints(raw_columns=model['columns']) -%}
  {%- set constraints = adapter.render_raw_model_constraints(raw_constraints=model.get('constraints', [])) -%}
  (
  {%- for column in columns + constraints %}
    {{ column }}{{ ',' if not loop.last }}
  {%- endfor %}
  )
{%- endmacro %}

{% macro get_assert_columns_equivalent(sql) -%}
  {{ adapter.dispatch('get_assert_columns_equivalent', 'dbt')(sql) }}
{%- endmacro %}

{% macro default__get_assert_columns_equivalent(sql) -%}
  {{ return(assert_columns_equivalent(sql)) }}
{%- endmacro %}

{% macro assert_columns_equivalent(sql) -%}
  {%- set promised = {} -%}
  {%- for name in model['columns'] -%}
    {%- set column = model['columns'][name] -%}
    {%- if not column.get('data_type') -%}
      {%- do exceptions.raise_compiler_error("Contract enabled for '" ~ model.name ~ "', but column '" ~ column['name'] ~ "' has no data_type.") -%}
    {%- endif -%}
    {%- do promised.update({(column['name'] if column.get('quote') else column['name'] | lower): column['data_type']}) -%}
  {%- endfor -%}
  {%- set probe = [] -%}
  {%- for name in promised -%}
    {%- do probe.append('cast(null as ' ~ promised[name] ~ ') as ' ~ adapter.quote(name)) -%}
  {%- endfor -%}
  {%- set expected = get_column_schema_from_query('select ' ~ probe | join(', ')) -%}
  {%- set given = get_column_schema_from_query(sql, config.get('sql_header', none)) -%}
  {%- set types = {} -%}
  {%- for column in given -%}{%- do types.update({column.name: column.dtype}) -%}{%- endfor -%}
  {%- set faults = [] -%}
  {%- for column in expected -%}
    {%- if column.name not in types -%}
      {%- do faults.append(column.name ~ ': missing in definition') -%}
    {%- elif types[column.name] != column.dtype -%}
      {%- do faults.append(column.name ~ ': data type mismatch (definition ' ~ types[column.name] ~ ', contract ' ~ column.dtype ~ ')') -%}
    {%- endif -%}
  {%- endfor -%}
  {%- for column in given if column.name not in promised -%}
    {%- do faults.append(column.name ~ ': missing in contract') -%}
  {%- endfor -%}
  {%- if faults -%}
    {%- do exceptions.raise_compiler_error('This model has an enforced contract that failed. ' ~ faults | join('; ')) -%}
  {%- endif -%}
{%- endmacro %}

{% macro get_column_schema_from_query(select_sql, select_sql_header=none) -%}
  {{ return(adapter.get_column_schema_from_query(get_empty_subquery_sql(select_sql, select_sql_header))) }}
{%- endmacro %}

{% macro get_empty_subquery_sql(select_sql, select_sql_header=none) -%}
  {{ return(adapter.dispatch('get_empty_subquery_sql', 'dbt')(select_sql, select_sql_header)) }}
{%- endmacro %}

{% macro default__get_empty_subquery_sql(select_sql, select_sql_header=none) -%}
  {%- if select_sql_header is not none -%}{{ select_sql_header }}{%- endif %}
  select * from (
{{ select_sql }}
  ) as chemflow_empty_subquery
  where false
  limit 0
{%- endmacro %}

{% macro get_empty_schema_sql(columns) -%}
  {{ return(adapter.dispatch('get_empty_schema_sql', 'dbt')(columns)) }}
{%- endmacro %}

{% macro default__get_empty_schema_sql(columns) -%}
  select
  {%- for name in columns %}
    {%- set column = columns[name] %}
    cast(null as {{ column['data_type'] }}) as {{ adapter.quote(column['name']) if column.get('quote') else column['name'] }}{{ ',' if not loop.last }}
  {%- endfor %}
{%- endmacro %}

{% macro get_columns_in_query(select_sql) -%}
  {{ return(adapter.dispatch('get_columns_in_query', 'dbt')(select_sql)) }}
{%- endmacro %}

{% macro default__get_columns_in_query(select_sql) -%}
  {%- call statement('get_columns_in_query', fetch_result=true, auto_begin=false) -%}
    {{ get_empty_subquery_sql(select_sql) }}
  {%- endcall -%}
  {{ return(load_result('get_columns_in_query').table.columns | map(attribute='name') | list) }}
{%- endmacro %}
