{# Every row that is an event of somebody, deleted or not, whenever it happened and whoever it belongs to: the one list of what counts as activity. #}
{{ config(materialized='view') }}

{% for activity in activity_sources() -%}
select {{ activity_columns(activity) }}
from {{ source(activity.source, activity.table) }} as activity

union all

{% endfor -%}
-- An update stays one when its person goes: it is no row of its own that could be deleted.
select {{ profile_update_columns('null::timestamptz') }}
from {{ ref('profile_updates') }} as updates
