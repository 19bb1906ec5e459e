{# The statements of a snapshot: the first table, the changes since then, and their way into the table. #}

{% macro get_dbt_valid_to_current(strategy, columns) -%}
  {%- set current = config.get('dbt_valid_to_current') -%}
  {%- if current -%}coalesce(nullif({{ strategy.updated_at }}, {{ strategy.updated_at }}), {{ current }}) as {{ columns.dbt_valid_to }}
  {%- else -%}nullif({{ strategy.updated_at }}, {{ strategy.updated_at }}) as {{ columns.dbt_valid_to }}
  {%- endif -%}
{%- endmacro %}

{# Rows of a snapshot that are valid now. #}
{% macro snapshot_open_rows(relation_alias, columns) -%}
  {%- set current = config.get('dbt_valid_to_current') -%}
  {{ relation_alias }}.{{ columns.dbt_valid_to }} is null
  {%- if current %} or {{ relation_alias }}.{{ columns.dbt_valid_to }} = {{ current }}{% endif -%}
{%- endmacro %}

{% macro build_snapshot_table(strategy, sql) -%}
  {{ adapter.dispatch('build_snapshot_table', 'dbt')(strategy, sql) }}
{%- endmacro %}

{% macro default__build_snapshot_table(strategy, sql) -%}
  {%- set columns = snapshot_columns() %}
select *,
  {{ strategy.scd_id }} as {{ columns.dbt_scd_id }},
  {{ strategy.updated_at }} as {{ columns.dbt_updated_at }},
  {{ strategy.updated_at }} as {{ columns.dbt_valid_from }},
  {{ get_dbt_valid_to_current(strategy, columns) }}
  {%- if strategy.hard_deletes == 'new_record' %},
  'False' as {{ columns.dbt_is_deleted }}
  {%- endif %}
from (
{{ sql }}
) as snapshot_query
{%- endmacro %}

{% macro snapshot_staging_table(strategy, source_sql, target_relation) -%}
  {{ adapter.dispatch('snapshot_staging_table', 'dbt')(strategy, source_sql, target_relation) }}
{%- endmacro %}

{% macro default__snapshot_staging_table(strategy, source_sql, target_relation) -%}
  {%- set columns = snapshot_columns() -%}
  {%- set keys = snapshot_keys(strategy.unique_key) -%}
  {%- set new_records = strategy.hard_deletes == 'new_record' -%}
  {%- set target_types = {} -%}
  {%- for column in adapter.get_columns_in_relation(target_relation) -%}{%- do target_types.update({column.name: column.data_type}) -%}{%- endfor -%}
  {%- set time_type = target_types[columns.dbt_valid_from] -%}
  {%- set now = 'cast(' ~ snapshot_get_time() ~ ' as ' ~ time_type ~ ')' -%}
  {%- set open_end = 'cast(' ~ (config.get('dbt_valid_to_current') or 'null') ~ ' as ' ~ target_types[columns.dbt_valid_to] ~ ')' -%}
  {%- set names = get_columns_in_query(source_sql) -%}
  {%- set gone_keys = [] -%}
  {%- for key in keys -%}{%- do gone_keys.append('snapshotted_data.chemflow_key_' ~ loop.index) -%}{%- endfor %}
with source_data as (
  select snapshot_query.*,
    cast({{ strategy.updated_at }} as {{ time_type }}) as chemflow_updated_at,
    {{ strategy.scd_id }} as chemflow_scd_id
    {%- for key in keys %},
    {{ key }} as chemflow_key_{{ loop.index }}
    {%- endfor %}
  from (
{{ source_sql }}
  ) as snapshot_query
),
snapshotted_data as (
  select snapshot_table.*
    {%- for key in keys %},
    {{ key }} as chemflow_key_{{ loop.index }}
    {%- endfor %}
  from {{ target_relation }} as snapshot_table
  where {{ snapshot_open_rows('snapshot_table', columns) }}
),
matched as (
  select source_data.*,
    snapshotted_data.{{ columns.dbt_scd_id }} as chemflow_old_scd_id,
    snapshotted_data.{{ columns.dbt_valid_from }} as chemflow_old_valid_from,
    (snapshotted_data.{{ columns.dbt_scd_id }} is not null and ({{ strategy.row_changed }}
      {%- if new_records %} or snapshotted_data.{{ columns.dbt_is_deleted }} = 'True'{% endif %})) as chemflow_is_changed
  from source_data
  left join snapshotted_data on {% for key in keys %}snapshotted_data.chemflow_key_{{ loop.index }} = source_data.chemflow_key_{{ loop.index }}{{ ' and ' if not loop.last }}{% endfor %}
)
select 'insert' as dbt_change_type
  {%- for name in names %}, {{ adapter.quote(name) }}{% endfor %},
  chemflow_scd_id as {{ columns.dbt_scd_id }},
  chemflow_updated_at as {{ columns.dbt_updated_at }},
  chemflow_updated_at as {{ columns.dbt_valid_from }},
  {{ open_end }} as {{ columns.dbt_valid_to }}
  {%- if new_records %}, 'False' as {{ columns.dbt_is_deleted }}{% endif %}
from matched
where chemflow_old_scd_id is null or chemflow_is_changed
union all
select 'update'
  {%- for name in names %}, {{ adapter.quote(name) }}{% endfor %},
  chemflow_old_scd_id, chemflow_updated_at, chemflow_old_valid_from, chemflow_updated_at
  {%- if new_records %}, 'False'{% endif %}
from matched
where chemflow_is_changed
{%- if strategy.hard_deletes in ['invalidate', 'new_record'] %}
{%- for change in ['delete', 'insert'] if change == 'delete' or new_records %}
union all
select '{{ change }}'
  {%- for name in names %}, {{ 'snapshotted_data.' ~ adapter.quote(name) if name in target_types else 'null' }}{% endfor %},
  {% if change == 'delete' -%}
  snapshotted_data.{{ columns.dbt_scd_id }}, {{ now }}, snapshotted_data.{{ columns.dbt_valid_from }}, {{ now }}
  {%- else -%}
  {{ snapshot_hash_arguments(gone_keys + [snapshot_get_time()]) }}, {{ now }}, {{ now }}, {{ open_end }}
  {%- endif %}
  {%- if new_records %}, '{{ 'False' if change == 'delete' else 'True' }}'{% endif %}
from snapshotted_data
where not exists (
    select 1 from source_data
    where {% for key in keys %}snapshotted_data.chemflow_key_{{ loop.index }} = source_data.chemflow_key_{{ loop.index }}{{ ' and ' if not loop.last }}{% endfor %}
  )
  {%- if new_records %} and snapshotted_data.{{ columns.dbt_is_deleted }} = 'False'{% endif %}
{%- endfor %}
{%- endif %}
{%- endmacro %}

{% macro snapshot_merge_sql(target, source, insert_cols) -%}
  {{ adapter.dispatch('snapshot_merge_sql', 'dbt')(target, source, insert_cols) }}
{%- endmacro %}

{% macro default__snapshot_merge_sql(target, source, insert_cols) -%}
  {%- set columns = snapshot_columns() -%}
  {%- set names = insert_cols | join(', ') %}
update {{ target }} as snapshot_table
set {{ columns.dbt_valid_to }} = changes.{{ columns.dbt_valid_to }}
from {{ source }} as changes
where changes.{{ columns.dbt_scd_id }} = snapshot_table.{{ columns.dbt_scd_id }}
  and changes.dbt_change_type in ('update', 'delete')
  and ({{ snapshot_open_rows('snapshot_table', columns) }});
insert into {{ target }} ({{ names }})
select {{ names }}
from {{ source }} as changes
where changes.dbt_change_type = 'insert'
{%- endmacro %}

{# Called by chemflow: the query of the first table, or of the changes. #}
{% macro chemflow_snapshot_query(target_relation, sql, target_exists) -%}
  {%- set strategy_macro = strategy_dispatch(config.get('strategy')) -%}
  {%- set strategy = strategy_macro(model, 'snapshotted_data', 'source_data', config, target_exists) -%}
  {%- if not target_exists -%}
    {{ return({'sql': build_snapshot_table(strategy, sql), 'columns': snapshot_columns(), 'hard_deletes': strategy.get('hard_deletes', 'ignore')}) }}
  {%- endif -%}
  {%- set columns = snapshot_columns() -%}
  {%- set present = adapter.get_columns_in_relation(target_relation) | map(attribute='name') | list -%}
  {%- set missing = [] -%}
  {%- for key in columns if columns[key] not in present and (key != 'dbt_is_deleted' or strategy.get('hard_deletes') == 'new_record') -%}
    {%- do missing.append(columns[key]) -%}
  {%- endfor -%}
  {%- if missing -%}
    {%- do exceptions.raise_compiler_error('Snapshot target is missing configured columns: ' ~ missing | join(', ')) -%}
  {%- endif -%}
  {{ return({'sql': snapshot_staging_table(strategy, sql, target_relation), 'columns': columns, 'hard_deletes': strategy.get('hard_deletes', 'ignore')}) }}
{%- endmacro %}
