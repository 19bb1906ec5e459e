{# Dates and times in SQL. #}

{% macro date(year, month, day) -%}
    {{ return(adapter.dispatch('date', 'dbt')(year, month, day)) }}
{%- endmacro %}

{# A day that the calendar does not have is an error when the template is rendered, not in the database. #}
{% macro default__date(year, month, day) -%}
    to_date('{{ modules.datetime.date(year, month, day).isoformat() }}', 'YYYY-MM-DD')
{%- endmacro %}

{% macro date_trunc(datepart, date) -%}
    {{ return(adapter.dispatch('date_trunc', 'dbt')(datepart, date)) }}
{%- endmacro %}

{% macro default__date_trunc(datepart, date) -%}
    date_trunc('{{ datepart }}', {{ date }})
{%- endmacro %}

{% macro dateadd(datepart, interval, from_date_or_timestamp) -%}
    {{ return(adapter.dispatch('dateadd', 'dbt')(datepart, interval, from_date_or_timestamp)) }}
{%- endmacro %}

{% macro default__dateadd(datepart, interval, from_date_or_timestamp) -%}
    {%- set unit = "interval '3 month'" if datepart | lower == 'quarter' else "interval '1 " ~ datepart ~ "'" -%}
    {{ from_date_or_timestamp }} + (({{ unit }}) * ({{ interval }}))
{%- endmacro %}

{% macro datediff(first_date, second_date, datepart) -%}
    {{ return(adapter.dispatch('datediff', 'dbt')(first_date, second_date, datepart)) }}
{%- endmacro %}

{# How many boundaries of this part lie between: 23:59 and 00:01 are a day apart. Weeks begin on Sunday. #}
{% macro default__datediff(first_date, second_date, datepart) -%}
    {%- set from, to = '(' ~ first_date ~ ')', '(' ~ second_date ~ ')' -%}
    {%- set part = datepart | lower -%}
    {%- set coarser = {
        'quarter': ('year', 4, 'date'), 'month': ('year', 12, 'date'), 'hour': ('day', 24, 'timestamp'),
        'minute': ('hour', 60, 'timestamp'), 'second': ('minute', 60, 'timestamp'),
        'millisecond': ('minute', 60000, 'timestamp'), 'microsecond': ('minute', 60000000, 'timestamp')
    } -%}
    {%- if part == 'year' -%}
        (date_part('year', {{ to }}::date) - date_part('year', {{ from }}::date))
    {%- elif part == 'day' -%}
        ({{ to }}::date - {{ from }}::date)
    {%- elif part == 'week' -%}
        (({{ to }}::date - {{ from }}::date
            + date_part('dow', {{ from }}::timestamp)::int - date_part('dow', {{ to }}::timestamp)::int) / 7)
    {%- elif part in coarser -%}
        {%- set outer, factor, type = coarser[part] -%}
        {%- set round = 'floor' if part.endswith('second') else '' -%}
        ({{ dbt.datediff(first_date, second_date, outer) }} * {{ factor }}
            + {{ round }}(date_part('{{ part }}', {{ to }}::{{ type }})) - {{ round }}(date_part('{{ part }}', {{ from }}::{{ type }})))
    {%- else -%}
        {{ exceptions.raise_compiler_error("Unsupported datepart for macro datediff in postgres: '" ~ datepart ~ "'") }}
    {%- endif -%}
{%- endmacro %}

{% macro last_day(date, datepart) -%}
    {{ return(adapter.dispatch('last_day', 'dbt')(date, datepart)) }}
{%- endmacro %}

{% macro default__last_day(date, datepart) -%}
    {{ dbt.default_last_day(date, datepart) }}
{%- endmacro %}

{% macro default_last_day(date, datepart) -%}
    cast({{ dbt.dateadd('day', '-1', dbt.dateadd(datepart, '1', dbt.date_trunc(datepart, date))) }} as date)
{%- endmacro %}
