{# Seeds are read, typed and copied by chemflow; the table's statement is asked of this macro. #}

{% macro chemflow_create_seed_table(relation, columns) -%}
  {{ adapter.dispatch('chemflow_create_seed_table', 'dbt')(relation, columns) }}
{%- endmacro %}

{% macro default__chemflow_create_seed_table(relation, columns) -%}
create {{ 'unlogged ' if config.get('unlogged', default=false) }}table {{ relation }} (
  {%- for column in columns %}
  {{ adapter.quote(column['name']) }} {{ column['data_type'] }}{{ ',' if not loop.last }}
  {%- endfor %}
)
{%- endmacro %}

{% macro get_batch_size() -%}
  {{ return(10000) }}
{%- endmacro %}

{% macro get_binding_char() -%}
  {{ return('%s') }}
{%- endmacro %}

{% macro get_seed_column_quoted_csv(model, column_names) -%}
  {%- set quoted = [] -%}
  {%- for name in column_names -%}
    {%- do quoted.append(adapter.quote_seed_column(name, model['config'].get('quote_columns', none))) -%}
  {%- endfor -%}
  {{ return(quoted | join(', ')) }}
{%- endmacro %}
