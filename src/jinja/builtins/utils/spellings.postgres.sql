{#
    Names that dbt keeps in its PostgreSQL package; packages and projects call some of them directly.
    chemflow runs on PostgreSQL only, so the definitions are the default ones.
#}

{% macro postgres__current_timestamp() -%}{{ dbt.default__current_timestamp() }}{%- endmacro %}

{% macro postgres__current_timestamp_backcompat() -%}{{ dbt.default__current_timestamp_backcompat() }}{%- endmacro %}

{% macro postgres__current_timestamp_in_utc_backcompat() -%}
    {{ dbt.default__current_timestamp_in_utc_backcompat() }}
{%- endmacro %}

{% macro postgres__any_value(expression) -%}{{ dbt.default__any_value(expression) }}{%- endmacro %}

{% macro postgres__dateadd(datepart, interval, from_date_or_timestamp) -%}
    {{ dbt.default__dateadd(datepart, interval, from_date_or_timestamp) }}
{%- endmacro %}

{% macro postgres__datediff(first_date, second_date, datepart) -%}
    {{ dbt.default__datediff(first_date, second_date, datepart) }}
{%- endmacro %}

{% macro postgres__equals(expr1, expr2) -%}{{ dbt.default__equals(expr1, expr2) }}{%- endmacro %}

{% macro postgres__last_day(date, datepart) -%}{{ dbt.default__last_day(date, datepart) }}{%- endmacro %}

{% macro postgres__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
    {{ dbt.default__listagg(measure, delimiter_text, order_by_clause, limit_num) }}
{%- endmacro %}

{% macro postgres__split_part(string_text, delimiter_text, part_number) -%}
    {{ dbt.default__split_part(string_text, delimiter_text, part_number) }}
{%- endmacro %}
