{# Descriptions as comments of the database. #}

{% macro alter_relation_comment(relation, relation_comment) -%}
  {{ return(adapter.dispatch('alter_relation_comment', 'dbt')(relation, relation_comment)) }}
{%- endmacro %}

{% macro default__alter_relation_comment(relation, relation_comment) -%}
  comment on {{ (relation.type or 'table') | string | replace('_', ' ') }} {{ relation }} is {{ comment_literal(relation_comment) }}
{%- endmacro %}

{% macro alter_column_comment(relation, column_dict) -%}
  {{ return(adapter.dispatch('alter_column_comment', 'dbt')(relation, column_dict)) }}
{%- endmacro %}

{% macro default__alter_column_comment(relation, column_dict) -%}
  {%- for column_name in column_dict -%}
    {%- set column = column_dict[column_name] -%}
    comment on column {{ relation }}.{{ adapter.quote(column_name) if column['quote'] else column_name }} is {{ comment_literal(column['description']) }};
{% endfor -%}
{%- endmacro %}

{# A text between dollar signs that do not occur in it. #}
{% macro comment_literal(comment) -%}
  {%- set tag = '$chemflow_comment$' -%}
  {%- if tag in comment -%}
    {%- do exceptions.raise_compiler_error('A description must not contain ' ~ tag) -%}
  {%- endif -%}
  {{ tag }}{{ comment }}{{ tag }}
{%- endmacro %}

{% macro persist_docs(relation, model, for_relation=true, for_columns=true) -%}
  {{ return(adapter.dispatch('persist_docs', 'dbt')(relation, model, for_relation, for_columns)) }}
{%- endmacro %}

{% macro default__persist_docs(relation, model, for_relation, for_columns) -%}
  {%- if for_relation and config.persist_relation_docs() and model.description -%}
    {%- do run_query(alter_relation_comment(relation, model.description)) -%}
  {%- endif -%}
  {%- if for_columns and config.persist_column_docs() and model.columns -%}
    {%- set present = adapter.get_columns_in_relation(relation) | map(attribute='name') | list -%}
    {%- set documented = {} -%}
    {%- for name in model.columns if name in present -%}
      {%- do documented.update({name: {'description': model.columns[name]['description'], 'quote': true}}) -%}
    {%- endfor -%}
    {%- if documented -%}{%- do run_query(alter_column_comment(relation, documented)) -%}{%- endif -%}
  {%- endif -%}
{%- endmacro %}
