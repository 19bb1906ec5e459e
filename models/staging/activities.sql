{# Every row that is an event of somebody, deleted or not, whenever it happened and whoever it belongs to: the one list of what counts as activity. #}
{{ config(materialized='view') }}

{{ activity_rows() }}
