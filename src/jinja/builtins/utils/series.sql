{# Rows out of nothing: numbers and days. #}

{% macro get_powers_of_two(upper_bound) -%}
    {{ return(adapter.dispatch('get_powers_of_two', 'dbt')(upper_bound)) }}
{%- endmacro %}

{% macro default__get_powers_of_two(upper_bound) -%}
    {%- if upper_bound <= 0 -%}
        {{ exceptions.raise_compiler_error('upper bound must be positive') }}
    {%- endif -%}
    {%- for exponent in range(1, 100) if upper_bound <= 2 ** exponent -%}
        {{ return(exponent) }}
    {%- endfor -%}
{%- endmacro %}

{% macro generate_series(upper_bound) -%}
    {{ return(adapter.dispatch('generate_series', 'dbt')(upper_bound)) }}
{%- endmacro %}

{# 1 to upper_bound, in a column generated_number; it begins as a query (and may be a CTE's body), as packages expect. #}
{% macro default__generate_series(upper_bound) -%}
    {%- if upper_bound <= 0 -%}
        {{ exceptions.raise_compiler_error('upper bound must be positive') }}
    {%- endif -%}
    select generated_number
    from generate_series(1, {{ upper_bound }}) as numbers (generated_number)
    order by generated_number
{%- endmacro %}

{% macro get_intervals_between(start_date, end_date, datepart) -%}
    {{ return(adapter.dispatch('get_intervals_between', 'dbt')(start_date, end_date, datepart)) }}
{%- endmacro %}

{# Asks the database; 1 while a project is parsed. #}
{% macro default__get_intervals_between(start_date, end_date, datepart) -%}
    {%- call statement('get_intervals_between', fetch_result=True) -%}
        select {{ dbt.datediff(start_date, end_date, datepart) }}
    {%- endcall -%}
    {%- set result = load_result('get_intervals_between') -%}
    {{ return(result['data'][0][0] if result and result['data'] else 1) }}
{%- endmacro %}

{% macro date_spine(datepart, start_date, end_date) -%}
    {{ return(adapter.dispatch('date_spine', 'dbt')(datepart, start_date, end_date)) }}
{%- endmacro %}

{# One row a part from start_date up to, but without, end_date, in a column date_<part>. #}
{% macro default__date_spine(datepart, start_date, end_date) -%}
    select *
    from (
        select ({{ dbt.dateadd(datepart, 'generated_number - 1', start_date) }}) as date_{{ datepart }}
        from ({{ dbt.generate_series(dbt.get_intervals_between(start_date, end_date, datepart)) }}) as numbers
    ) as periods
    where date_{{ datepart }} <= {{ end_date }}
{%- endmacro %}
