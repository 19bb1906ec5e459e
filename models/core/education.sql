{{ config(
    materialized='incremental',
    incremental_strategy='changes',
    unique_key='education_id',
    meta={'changes': {'listed': 'changed_users', 'by': ['user_key']}},
    on_schema_change='sync_all_columns',
    post_hook="{{ note_what_is_built() }}",
    indexes=[
      {'columns': ['education_id'], 'unique': true},
      {'columns': ['user_key']},
      {'columns': ['school_id']},
      {'columns': ['degree_id']}
    ]
) }}
-- depends_on: {{ ref('changed_users') }}, {{ ref('change_window') }}

{{ profile_records('education', 'education_id', ['school_id', 'degree_id']) }}
