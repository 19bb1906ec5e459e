{{ config(indexes=[{'columns': ['role_title'], 'unique': true}, {'columns': ['users']}]) }}

-- Roles of one title are one role here.
with roles as (

  select
    roles.role_title,
    count(distinct experiences.user_key) as users,
    count(distinct experiences.company_id) as companies,
    count(*) as experiences
  from {{ ref('experiences') }} as experiences
  join {{ ref('unified_users') }} as users
    on users.user_key = experiences.user_key
    and users.is_real_account
  join {{ ref('dim_roles') }} as roles
    on roles.role_id = experiences.role_id
    and roles.role_title is not null
  group by roles.role_title

)

{% call published(
  columns=['role_title', 'users', 'companies', 'experiences'],
  rules=[[enough_of_a_whole('users', order='role_title'), ['users', 'companies', 'experiences']]],
  rows='cells.shows_1'
) -%}
select * from roles
{%- endcall %}
