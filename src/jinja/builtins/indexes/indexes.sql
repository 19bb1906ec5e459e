{# Indexes. `index_dict` is an entry of `indexes:`: columns (names or expressions), unique, type, and beyond dbt: where, include, nulls_not_distinct, name. #}

{% macro get_create_index_sql(relation, index_dict) -%}
  {{ return(adapter.dispatch('get_create_index_sql', 'dbt')(relation, index_dict)) }}
{%- endmacro %}

{% macro default__get_create_index_sql(relation, index_dict) -%}
  {%- set columns = index_dict.get('columns', []) -%}
  {%- set columns = [columns] if columns is string else columns -%}
  {%- set include = index_dict.get('include', []) -%}
  {%- set include = [include] if include is string else include -%}
  {%- set name = index_dict.get('name') or local_md5((columns | join('_')) ~ '_' ~ relation.render() ~ '_' ~ index_dict.get('unique', false) ~ '_' ~ index_dict.get('type', 'btree')) -%}
  create {{ 'unique ' if index_dict.get('unique') }}index if not exists {{ adapter.quote(name) }}
  on {{ relation }}{{ ' using ' ~ index_dict['type'] if index_dict.get('type') }} ({{ columns | join(', ') }})
  {%- if include %} include ({{ include | join(', ') }}){% endif -%}
  {%- if index_dict.get('nulls_not_distinct') %} nulls not distinct{% endif -%}
  {%- if index_dict.get('where') %} where {{ index_dict['where'] }}{% endif -%}
{%- endmacro %}

{% macro create_indexes(relation) -%}
  {{ adapter.dispatch('create_indexes', 'dbt')(relation) }}
{%- endmacro %}

{% macro default__create_indexes(relation) -%}
  {%- for index_dict in config.get('indexes', default=[]) -%}
    {%- set statement_text = get_create_index_sql(relation, index_dict) -%}
    {%- if statement_text -%}{%- do run_query(statement_text) -%}{%- endif -%}
  {%- endfor -%}
{%- endmacro %}

{% macro get_drop_index_sql(relation, index_name) -%}
  {{ adapter.dispatch('get_drop_index_sql', 'dbt')(relation, index_name) }}
{%- endmacro %}

{% macro default__get_drop_index_sql(relation, index_name) -%}
  drop index if exists {{ adapter.quote(relation.schema) }}.{{ adapter.quote(index_name) }}
{%- endmacro %}

{% macro get_show_indexes_sql(relation) -%}
  {{ adapter.dispatch('get_show_indexes_sql', 'dbt')(relation) }}
{%- endmacro %}

{% macro default__get_show_indexes_sql(relation) -%}
  select ic.relname as name, am.amname as method, i.indisunique as "unique",
    (select string_agg(pg_get_indexdef(i.indexrelid, position, true), ',' order by position)
     from generate_series(1, i.indnkeyatts) as position) as column_names
  from pg_index i
  join pg_class ic on ic.oid = i.indexrelid
  join pg_am am on am.oid = ic.relam
  where i.indrelid = '{{ relation.render() }}'::regclass
{%- endmacro %}
