{# The moment that the warehouse describes. No model calls now(): a day that was not copied is not a day without activity,
   and a single model run an hour later agrees with the rest. One row in a table that stands where it stands, so that what reads it
   keeps its definition from run to run. #}
{{ config(materialized='incremental', incremental_strategy='difference', unique_key='as_of', on_schema_change='sync_all_columns') }}

select
  moment.as_of,
  {{ local_date('moment.as_of') }} as as_of_date
from (
  {% if var('as_of', none) is not none -%}
  select {{ moment(var('as_of')) }} as as_of
  {%- else -%}
  select min(clocks.clock) as as_of
  from {{ source('chemflow', 'source_clocks') }} as clocks
  where clocks.staging_schema = '{{ source("chemlink", "persons").schema }}'
    and clocks.source_name in ('chemlink', 'engagement')
  {%- endif %}
) as moment
