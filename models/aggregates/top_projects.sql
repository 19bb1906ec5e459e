{{ config(indexes=[{'columns': ['project_name'], 'unique': true}]) }}

-- Projects of one name are one project here.
with projects as (

  select
    projects.project_name,
    count(distinct experiences.user_key) as people,
    count(*) as experiences
  from {{ ref('experiences') }} as experiences
  join {{ ref('unified_users') }} as users
    on users.user_key = experiences.user_key
    and users.is_real_account
  join {{ ref('dim_projects') }} as projects
    on projects.project_id = experiences.project_id
    and projects.project_name is not null
  group by projects.project_name

)

{% call published(
  columns=['project_name', 'people', 'experiences'],
  rules=[[enough_of_a_whole('people', order='project_name'), ['people', 'experiences']]],
  rows='cells.shows_1'
) -%}
select * from projects
{%- endcall %}
