{# How a snapshot finds changed rows. A strategy is a dict of SQL: unique_key, updated_at, row_changed, scd_id, and hard_deletes. #}

{% macro strategy_dispatch(name) -%}
  {%- set package_name = none -%}
  {%- set own_name = name -%}
  {%- if '.' in name -%}
    {%- set package_name, own_name = name.split('.', 1) -%}
  {%- endif -%}
  {%- set macro_name = 'snapshot_' ~ own_name ~ '_strategy' -%}
  {%- set place = context if package_name is none else context.get(package_name) -%}
  {%- if place is none or macro_name not in place -%}
    {%- do exceptions.raise_compiler_error("Could not find a snapshot strategy macro named '" ~ macro_name ~ "'") -%}
  {%- endif -%}
  {{ return(place[macro_name]) }}
{%- endmacro %}

{% macro get_snapshot_table_column_names() -%}
  {{ return({'dbt_valid_from': 'dbt_valid_from', 'dbt_valid_to': 'dbt_valid_to', 'dbt_scd_id': 'dbt_scd_id', 'dbt_updated_at': 'dbt_updated_at', 'dbt_is_deleted': 'dbt_is_deleted'}) }}
{%- endmacro %}

{# The names of the columns that a snapshot adds, with the project's own names for them. #}
{% macro snapshot_columns() -%}
  {%- set names = get_snapshot_table_column_names() -%}
  {%- for key, name in (config.get('snapshot_meta_column_names') or {}).items() if name -%}
    {%- do names.update({key: name}) -%}
  {%- endfor -%}
  {{ return(names) }}
{%- endmacro %}

{% macro snapshot_hard_deletes() -%}
  {%- set behavior = config.get('hard_deletes') or ('invalidate' if config.get('invalidate_hard_deletes') else 'ignore') -%}
  {%- if behavior not in ['ignore', 'invalidate', 'new_record'] -%}
    {%- do exceptions.raise_compiler_error("Invalid setting for property hard_deletes: '" ~ behavior ~ "'; it must be ignore, invalidate or new_record") -%}
  {%- endif -%}
  {{ return(behavior) }}
{%- endmacro %}

{% macro snapshot_keys(unique_key) -%}
  {{ return([unique_key] if unique_key is string else unique_key | list) }}
{%- endmacro %}

{% macro snapshot_hash_arguments(args) -%}
  {{ adapter.dispatch('snapshot_hash_arguments', 'dbt')(args) }}
{%- endmacro %}

{% macro default__snapshot_hash_arguments(args) -%}
  md5({% for arg in args %}coalesce(cast({{ arg }} as varchar), ''){{ " || '|' || " if not loop.last }}{% endfor %})
{%- endmacro %}

{% macro snapshot_get_time() -%}
  {{ adapter.dispatch('snapshot_get_time', 'dbt')() }}
{%- endmacro %}

{% macro default__snapshot_get_time() -%}
  now()::timestamp without time zone
{%- endmacro %}

{% macro snapshot_string_as_time(timestamp) -%}
  {{ adapter.dispatch('snapshot_string_as_time', 'dbt')(timestamp) }}
{%- endmacro %}

{% macro default__snapshot_string_as_time(timestamp) -%}
  {{ return("'" ~ timestamp ~ "'::timestamp without time zone") }}
{%- endmacro %}

{% macro get_true_sql() -%}
  {{ return('TRUE') }}
{%- endmacro %}

{% macro snapshot_timestamp_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) -%}
  {%- set updated_at = config.get('updated_at') -%}
  {%- if not updated_at -%}
    {%- do exceptions.raise_compiler_error("A snapshot with strategy 'timestamp' needs updated_at") -%}
  {%- endif -%}
  {%- set keys = snapshot_keys(config.get('unique_key')) -%}
  {{ return({
    'unique_key': config.get('unique_key'),
    'updated_at': updated_at,
    'row_changed': '(' ~ snapshotted_rel ~ '.' ~ snapshot_columns().dbt_valid_from ~ ' < ' ~ current_rel ~ '.' ~ updated_at ~ ')',
    'scd_id': snapshot_hash_arguments(keys + [updated_at]),
    'invalidate_hard_deletes': snapshot_hard_deletes() == 'invalidate',
    'hard_deletes': snapshot_hard_deletes()
  }) }}
{%- endmacro %}

{# The columns to compare, and whether the query has one that the snapshot lacks yet. #}
{% macro snapshot_check_all_get_existing_columns(node, target_exists, check_cols_config) -%}
  {%- set given = get_columns_in_query(node['compiled_code']) if check_cols_config == 'all' else check_cols_config -%}
  {%- if not target_exists -%}
    {{ return((false, given)) }}
  {%- endif -%}
  {%- set present = adapter.get_columns_in_relation(this) | map(attribute='name') | map('lower') | list -%}
  {%- set shared = [] -%}
  {%- set added = [] -%}
  {%- for name in given -%}
    {%- do (shared if name | lower in present else added).append(adapter.quote(name) if check_cols_config == 'all' else name) -%}
  {%- endfor -%}
  {{ return((added | length > 0, shared)) }}
{%- endmacro %}

{% macro snapshot_check_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) -%}
  {%- set check_cols = config.get('check_cols') -%}
  {%- if not check_cols -%}
    {%- do exceptions.raise_compiler_error("A snapshot with strategy 'check' needs check_cols") -%}
  {%- endif -%}
  {%- set updated_at = config.get('updated_at') or snapshot_get_time() -%}
  {%- set column_added, columns = snapshot_check_all_get_existing_columns(node, target_exists, check_cols) -%}
  {%- set comparisons = [] -%}
  {%- for column in columns -%}
    {%- do comparisons.append(snapshotted_rel ~ '.' ~ column ~ ' is distinct from ' ~ current_rel ~ '.' ~ column) -%}
  {%- endfor -%}
  {{ return({
    'unique_key': config.get('unique_key'),
    'updated_at': updated_at,
    'row_changed': get_true_sql() if column_added else '(' ~ (comparisons | join(' or ') or 'false') ~ ')',
    'scd_id': snapshot_hash_arguments(snapshot_keys(config.get('unique_key')) + [updated_at]),
    'invalidate_hard_deletes': snapshot_hard_deletes() == 'invalidate',
    'hard_deletes': snapshot_hard_deletes()
  }) }}
{%- endmacro %}
