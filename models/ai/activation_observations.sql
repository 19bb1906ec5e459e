{# Everyone observed 7 days after sign-up who had not activated by then. #}
{{ config(materialized='ephemeral') }}

select observations.*
from (
  {{ observations(7) }}
) as observations
where observations.activating = 0
