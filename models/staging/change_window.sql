{# From where to where a run looks for changed activities, a row a staging table: since user_activity_events was last built, up to what is copied now. #}
{{ config(post_hook="{{ create_built_to() }}", indexes=[{'columns': ['staging_table'], 'unique': true}]) }}

{%- set marks = built_to() if execute else none %}

with last_built as (

  {% if marks is not none -%}
  select
    max(ledger_at) filter (where model = 'user_activity_events') as ledger_at,
    max(as_of) filter (where model = 'user_activity_events') as as_of,
    -- user_facts tells whose account was whose, if it was built from the same copies.
    count(distinct (ledger_at, as_of)) = 1 and count(*) = 2 as users_are_of_the_same_build
  from {{ marks }}
  where model in ('user_activity_events', 'user_facts')
  {%- else -%}
  select null::timestamptz as ledger_at, null::timestamptz as as_of, false as users_are_of_the_same_build
  {%- endif %}

),

copies as (

  select
    extractions.staging_table,
    extractions.run_started_at,
    extractions.committed_at,
    extractions.rows_written + extractions.rows_deleted > 0 as has_changes,
    extractions.committed_at <= last_built.ledger_at as was_known
  from {{ source('chemflow', 'extractions') }} as extractions
  cross join last_built
  where extractions.staging_schema = '{{ source("chemlink", "persons").schema }}'

),

windows as (

  select
    staging_table,
    coalesce(max(run_started_at) filter (where was_known), '-infinity') as changed_after,
    min(run_started_at) filter (where has_changes and was_known is not true) as next_copied_at,
    max(committed_at) as committed_at
  from copies
  group by staging_table

)

select
  windows.staging_table,
  windows.changed_after,
  last_built.ledger_at as since_ledger_at,
  last_built.as_of as since_as_of,
  max(windows.committed_at) over () as ledger_at,
  moment.as_of,
  -- A clock that stood still or went back between two copies does not tell their rows apart, and an as_of before the last one takes rows away.
  coalesce(
    last_built.users_are_of_the_same_build
    and last_built.as_of <= moment.as_of
    and bool_and(windows.next_copied_at is null or windows.next_copied_at > windows.changed_after) over (),
    false
  ) as is_certain
from windows
cross join last_built
cross join {{ ref('as_of') }} as moment
