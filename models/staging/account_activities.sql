{# The activities of people who are there, deleted or not and in the future too, each with its account's moments. What `core` publishes is
   what of this has happened and is not deleted at as_of; `ai` looks at it from moments of its own. #}
{{ config(materialized='view') }}

{{ with_accounts(ref('activities')) }}
