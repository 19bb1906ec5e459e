{# Everyone observed 30 days after sign-up, with the moment itself, which no dataset publishes: `chemflow test --leakage` looks
   here. The datasets render the same macro themselves, since it tells theirs what has changed. #}
{{ config(materialized='ephemeral') }}

{{ engagement_observations() }}
