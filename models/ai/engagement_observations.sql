{# Everyone observed 30 days after sign-up. #}
{{ config(materialized='ephemeral') }}

{{ observations(30) }}
