{# What each user did in each month: the monthly aggregates count these rows, so that the events are read once for all of them. #}
{{ config(
    materialized='incremental',
    incremental_strategy='difference',
    unique_key=['user_key', 'metric_month'],
    on_schema_change='sync_all_columns',
    indexes=[
      {'columns': ['user_key', 'metric_month'], 'unique': true},
      {'columns': ['metric_month']}
    ]
) }}

{{ user_periods('month') }}
