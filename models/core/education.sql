{{ config(
    indexes=[
      {'columns': ['education_id'], 'unique': true},
      {'columns': ['user_key']},
      {'columns': ['school_id']},
      {'columns': ['degree_id']}
    ]
) }}

{{ profile_records('education', 'education_id', ['school_id', 'degree_id']) }}
