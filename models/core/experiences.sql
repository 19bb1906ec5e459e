{{ config(
    materialized='incremental',
    incremental_strategy='changes',
    unique_key='experience_id',
    meta={'changes': {'listed': 'changed_users', 'by': ['user_key']}},
    on_schema_change='sync_all_columns',
    post_hook="{{ note_what_is_built() }}",
    indexes=[
      {'columns': ['experience_id'], 'unique': true},
      {'columns': ['user_key']},
      {'columns': ['company_id']},
      {'columns': ['role_id']},
      {'columns': ['project_id']}
    ]
) }}
-- depends_on: {{ ref('changed_users') }}, {{ ref('change_window') }}

{{ profile_records('experiences', 'experience_id', ['company_id', 'role_id', 'project_id', 'location_id']) }}
