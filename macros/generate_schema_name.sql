{% macro generate_schema_name(custom_schema_name, node) -%}
  {#- The contract's schema names are bare on prod; on every other target each analyst has schemas of their own. -#}
  {%- if custom_schema_name is none -%}
    {{ target.schema }}
  {%- elif target.name == 'prod' -%}
    {{ custom_schema_name | trim }}
  {%- else -%}
    {{ target.schema }}_{{ custom_schema_name | trim }}
  {%- endif -%}
{%- endmacro %}
