{# Everyone observed 7 days after sign-up who had not activated by then, with the moment itself, which no dataset publishes: `chemflow test --leakage` looks
   here. The datasets render the same macro themselves, since it tells theirs what has changed. #}
{{ config(materialized='ephemeral') }}

{{ activation_observations() }}
