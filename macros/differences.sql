{% macro differences(expected, actual) -%}
{#- For a data test: the rows that one of two common table expressions with the same columns has and the other lacks. -#}
select 'missing' as problem, differing.*
from (select * from {{ expected }} except all select * from {{ actual }}) as differing

union all

select 'unexpected' as problem, differing.*
from (select * from {{ actual }} except all select * from {{ expected }}) as differing
{%- endmacro %}
