{% macro profile_records(table, key, dimensions) -%}
{#- core.experiences and core.education: what is not deleted at as_of of people who are there, with the typed dates made dates. -#}
with records as (

  select
    records.id as {{ key }},
    accounts.user_key,
    {% for dimension in dimensions -%}
    records.{{ dimension }},
    {% endfor -%}
    records.start_date,
    records.end_date
  from {{ source('chemlink', table) }} as records
  join {{ ref('accounts') }} as accounts on accounts.chemlink_id = records.person_id
  cross join {{ ref('as_of') }} as moment
  where {{ is_there('records', 'moment.as_of') }}
  {%- if looks_at_changes() %}
    and accounts.user_key in (select user_key from {{ ref('changed_users') }})
  {%- endif %}

),

-- People type the same dates: each text is read once.
typed as (

  select start_date as typed_date from records
  union
  select end_date from records

),

parsed as materialized (

  select
    typed_date,
    {{ partial_date_parts('typed_date') }} as parts,
    {{ is_present('typed_date') }} as is_present
  from typed
  where typed_date is not null

),

built as (

  select
    parsed.*,
    {{ built_date('parts') }} as built_date
  from parsed

),

dates as (

  select
    typed_date,
    is_present,
    case when {{ is_typed_date('parts', 'built_date') }} then built_date end as date,
    case when {{ is_typed_date('parts', 'built_date') }} then {{ partial_date_precision('parts') }} end as precision
  from built

)

select
  records.{{ key }},
  records.user_key,
  {% for dimension in dimensions -%}
  records.{{ dimension }},
  {% endfor -%}
  starts.date as start_date,
  ends.date as end_date,
  starts.precision as start_date_precision,
  ends.precision as end_date_precision,
  coalesce(ends.is_present, false) as is_current
from records
left join dates as starts on starts.typed_date = records.start_date
left join dates as ends on ends.typed_date = records.end_date
{%- endmacro %}
