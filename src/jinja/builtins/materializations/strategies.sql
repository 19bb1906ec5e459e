{# What an incremental model does with its new rows, which wait in `temp_relation`. `arg_dict` has target_relation, temp_relation, unique_key, dest_columns and incremental_predicates. #}

{% macro get_incremental_append_sql(arg_dict) -%}
  {{ return(adapter.dispatch('get_incremental_append_sql', 'dbt')(arg_dict)) }}
{%- endmacro %}

{% macro default__get_incremental_append_sql(arg_dict) -%}
  {{ return(get_insert_into_sql(arg_dict['target_relation'], arg_dict['temp_relation'], arg_dict['dest_columns'])) }}
{%- endmacro %}

{% macro get_incremental_delete_insert_sql(arg_dict) -%}
  {{ return(adapter.dispatch('get_incremental_delete_insert_sql', 'dbt')(arg_dict)) }}
{%- endmacro %}

{% macro default__get_incremental_delete_insert_sql(arg_dict) -%}
  {{ return(get_delete_insert_merge_sql(arg_dict['target_relation'], arg_dict['temp_relation'], arg_dict['unique_key'], arg_dict['dest_columns'], arg_dict['incremental_predicates'])) }}
{%- endmacro %}

{% macro get_incremental_merge_sql(arg_dict) -%}
  {{ return(adapter.dispatch('get_incremental_merge_sql', 'dbt')(arg_dict)) }}
{%- endmacro %}

{% macro default__get_incremental_merge_sql(arg_dict) -%}
  {{ return(get_merge_sql(arg_dict['target_relation'], arg_dict['temp_relation'], arg_dict['unique_key'], arg_dict['dest_columns'], arg_dict['incremental_predicates'])) }}
{%- endmacro %}

{% macro get_incremental_difference_sql(arg_dict) -%}
  {{ return(adapter.dispatch('get_incremental_difference_sql', 'dbt')(arg_dict)) }}
{%- endmacro %}

{% macro default__get_incremental_difference_sql(arg_dict) -%}
  {{ return(get_difference_sql(arg_dict['target_relation'], arg_dict['temp_relation'], arg_dict['unique_key'], arg_dict['dest_columns'], arg_dict['incremental_predicates'])) }}
{%- endmacro %}

{% macro get_incremental_default_sql(arg_dict) -%}
  {{ return(adapter.dispatch('get_incremental_default_sql', 'dbt')(arg_dict)) }}
{%- endmacro %}

{% macro default__get_incremental_default_sql(arg_dict) -%}
  {%- if arg_dict['unique_key'] -%}
    {{ return(get_incremental_delete_insert_sql(arg_dict)) }}
  {%- endif -%}
  {{ return(get_incremental_append_sql(arg_dict)) }}
{%- endmacro %}

{% macro get_insert_into_sql(target_relation, temp_relation, dest_columns) -%}
  {%- set columns = get_quoted_csv(dest_columns | map(attribute='name')) %}
insert into {{ target_relation }} ({{ columns }})
select {{ columns }}
from {{ temp_relation }}
{%- endmacro %}

{% macro get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) -%}
  {{ adapter.dispatch('get_delete_insert_merge_sql', 'dbt')(target, source, unique_key, dest_columns, incremental_predicates) }}
{%- endmacro %}

{% macro default__get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) -%}
  {%- set columns = get_quoted_csv(dest_columns | map(attribute='name')) -%}
  {%- set keys = unique_key if unique_key is sequence and unique_key is not string else ([unique_key] if unique_key else []) -%}
  {%- if keys %}
delete from {{ target }} as DBT_INTERNAL_DEST
using (select distinct {{ keys | join(', ') }} from {{ source }}) as DBT_INTERNAL_SOURCE
where {% for key in keys %}DBT_INTERNAL_DEST.{{ key }} = DBT_INTERNAL_SOURCE.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
  {%- for predicate in incremental_predicates or [] %}
  and {{ predicate }}
  {%- endfor %};
  {%- endif %}
insert into {{ target }} ({{ columns }})
select {{ columns }}
from {{ source }}
{%- endmacro %}

{#
  The query says what is to be there, all of it, or all that fulfils the predicates: rows that it does not give go, those that it gives otherwise are
  replaced, and a row that is the same is not touched. What is written is what has changed, for readers, indexes and the log.
#}
{% macro get_difference_sql(target, source, unique_key, dest_columns, incremental_predicates=none) -%}
  {%- set keys = unique_key if unique_key is sequence and unique_key is not string else ([unique_key] if unique_key else []) -%}
  {%- if not keys -%}
    {%- do exceptions.raise_compiler_error("The incremental strategy difference compares rows by their unique_key, and " ~ model.name ~ " has none.") -%}
  {%- endif -%}
  {%- set columns = get_quoted_csv(dest_columns | map(attribute='name')) -%}
  {%- set same_key %}{% for key in keys %}DBT_INTERNAL_SOURCE.{{ key }} = DBT_INTERNAL_DEST.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}{% endset %}
delete from {{ target }} as DBT_INTERNAL_DEST
where not exists (
  select 1
  from {{ source }} as DBT_INTERNAL_SOURCE
  where {{ same_key }}
    and ({% for column in dest_columns %}DBT_INTERNAL_SOURCE.{{ column.quoted }}{{ ', ' if not loop.last }}{% endfor %})
      is not distinct from ({% for column in dest_columns %}DBT_INTERNAL_DEST.{{ column.quoted }}{{ ', ' if not loop.last }}{% endfor %})
)
  {%- for predicate in incremental_predicates or [] %}
  and ({{ predicate }})
  {%- endfor %};
  {%- if incremental_predicates %}
-- What the query gives is compared, whatever the predicates say.
delete from {{ target }} as DBT_INTERNAL_DEST
using {{ source }} as DBT_INTERNAL_SOURCE
where {{ same_key }}
  and ({% for column in dest_columns %}DBT_INTERNAL_SOURCE.{{ column.quoted }}{{ ', ' if not loop.last }}{% endfor %})
    is distinct from ({% for column in dest_columns %}DBT_INTERNAL_DEST.{{ column.quoted }}{{ ', ' if not loop.last }}{% endfor %});
  {%- endif %}
insert into {{ target }} ({{ columns }})
select {{ columns }}
from {{ source }} as DBT_INTERNAL_SOURCE
where not exists (select 1 from {{ target }} as DBT_INTERNAL_DEST where {{ same_key }})
{%- endmacro %}

{% macro get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) -%}
  {{ adapter.dispatch('get_merge_sql', 'dbt')(target, source, unique_key, dest_columns, incremental_predicates) }}
{%- endmacro %}

{% macro default__get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) -%}
  {%- set predicates = merge_predicates(unique_key, incremental_predicates) -%}
  {%- set columns = get_quoted_csv(dest_columns | map(attribute='name')) -%}
  {%- set updated = get_merge_update_columns(config.get('merge_update_columns'), config.get('merge_exclude_columns', []), dest_columns) -%}
  {%- if config.get('sql_header') is not none -%}{{ config.get('sql_header') }}{%- endif %}
merge into {{ target }} as DBT_INTERNAL_DEST
using {{ source }} as DBT_INTERNAL_SOURCE
on {{ predicates | join(' and ') }}
{%- if unique_key and updated %}
when matched then update set
  {% for column in updated %}{{ column }} = DBT_INTERNAL_SOURCE.{{ column }}{{ ',\n  ' if not loop.last }}{% endfor %}
{%- endif %}
when not matched then insert ({{ columns }})
values ({% for column in dest_columns %}DBT_INTERNAL_SOURCE.{{ column.quoted }}{{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}

{# MERGE for servers before PostgreSQL 15: an UPDATE, then an INSERT of what was not there, in the same transaction. #}
{% macro get_update_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) -%}
  {%- set predicates = merge_predicates(unique_key, incremental_predicates) | join(' and ') -%}
  {%- set columns = get_quoted_csv(dest_columns | map(attribute='name')) -%}
  {%- set updated = get_merge_update_columns(config.get('merge_update_columns'), config.get('merge_exclude_columns', []), dest_columns) -%}
  {%- if unique_key and updated %}
update {{ target }} as DBT_INTERNAL_DEST set
  {% for column in updated %}{{ column }} = DBT_INTERNAL_SOURCE.{{ column }}{{ ',\n  ' if not loop.last }}{% endfor %}
from {{ source }} as DBT_INTERNAL_SOURCE
where {{ predicates }};
  {%- endif %}
insert into {{ target }} ({{ columns }})
select {% for column in dest_columns %}DBT_INTERNAL_SOURCE.{{ column.quoted }}{{ ', ' if not loop.last }}{% endfor %}
from {{ source }} as DBT_INTERNAL_SOURCE
where not exists (select 1 from {{ target }} as DBT_INTERNAL_DEST where {{ predicates }})
{%- endmacro %}

{% macro merge_predicates(unique_key, incremental_predicates=none) -%}
  {%- set predicates = [] -%}
  {%- for predicate in incremental_predicates or [] -%}{%- do predicates.append(predicate) -%}{%- endfor -%}
  {%- if unique_key -%}
    {%- for key in ([unique_key] if unique_key is string else unique_key) -%}
      {%- do predicates.append(get_merge_unique_key_match(key)) -%}
    {%- endfor -%}
  {%- else -%}
    {%- do predicates.append('FALSE') -%}
  {%- endif -%}
  {{ return(predicates) }}
{%- endmacro %}

{% macro get_merge_unique_key_match(unique_key) -%}
  {{ return('DBT_INTERNAL_SOURCE.' ~ unique_key ~ ' = DBT_INTERNAL_DEST.' ~ unique_key) }}
{%- endmacro %}

{# Called by chemflow: the statements of the strategy, with `columns` as a list of {name, data_type}. #}
{% macro chemflow_incremental_sql(strategy, target_relation, temp_relation, columns, unique_key, predicates, has_merge) -%}
  {%- set dest_columns = [] -%}
  {%- for column in columns -%}{%- do dest_columns.append(api.Column.create(column['name'], column['data_type'])) -%}{%- endfor -%}
  {%- set name = 'get_incremental_' ~ strategy | replace('+', '_') ~ '_sql' -%}
  {%- if name not in context -%}
    {%- do exceptions.raise_compiler_error("dbt could not find an incremental strategy macro with the name '" ~ name ~ "' in " ~ model.package_name) -%}
  {%- endif -%}
  {%- if strategy == 'merge' and not has_merge -%}
    {{ return(get_update_insert_merge_sql(target_relation, temp_relation, unique_key, dest_columns, predicates)) }}
  {%- endif -%}
  {{ return(context[name]({'target_relation': target_relation, 'temp_relation': temp_relation, 'unique_key': unique_key, 'dest_columns': dest_columns, 'incremental_predicates': predicates})) }}
{%- endmacro %}
