{# Is this run to add to what an incremental model's table holds already? Never so while a project is parsed. #}
{% macro is_incremental() %}
    {%- if not execute or model.config.materialized != 'incremental' or should_full_refresh() -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set existing = adapter.get_relation(this.database, this.schema, this.table) -%}
    {{ return(existing is not none and existing.type == 'table') }}
{% endmacro %}

{# A model's own `full_refresh` decides; without it, the command's --full-refresh. --discard-history is said of all. #}
{% macro should_full_refresh() %}
    {%- set configured = true if flags.DISCARD_HISTORY else config.get('full_refresh') -%}
    {{ return(flags.FULL_REFRESH if configured is none else configured) }}
{% endmacro %}
