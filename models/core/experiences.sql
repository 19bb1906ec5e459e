{{ config(
    indexes=[
      {'columns': ['experience_id'], 'unique': true},
      {'columns': ['user_key']},
      {'columns': ['company_id']},
      {'columns': ['role_id']},
      {'columns': ['project_id']}
    ]
) }}

{{ profile_records('experiences', 'experience_id', ['company_id', 'role_id', 'project_id', 'location_id']) }}
