{% macro rows_that_differ(expected, relation) -%}
  {#- For data tests that compute a table another way: its rows that are not expected, and those that are missing. Nulls are equal. -#}
  (
    select 'missing' as difference, missing.*
    from (select * from {{ expected }} except all select * from {{ relation }}) as missing
  )
  union all
  (
    select 'surplus' as difference, surplus.*
    from (select * from {{ relation }} except all select * from {{ expected }}) as surplus
  )
{%- endmacro %}
