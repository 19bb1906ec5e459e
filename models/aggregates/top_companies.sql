{{ config(indexes=[{'columns': ['company_name'], 'unique': true}, {'columns': ['users']}]) }}

-- Companies of one name are one company here.
with users_by_company as (

  select
    companies.company_name,
    count(*) as users
  from {{ ref('unified_users') }} as users
  join {{ ref('dim_companies') }} as companies
    on companies.company_id = users.company_id
    and companies.company_name is not null
  where users.is_real_account
  group by companies.company_name

),

experiences_by_company as (

  select
    companies.company_name,
    count(*) as experiences,
    count(distinct experiences.user_key) as people_with_experience
  from {{ ref('experiences') }} as experiences
  join {{ ref('unified_users') }} as users
    on users.user_key = experiences.user_key
    and users.is_real_account
  join {{ ref('dim_companies') }} as companies
    on companies.company_id = experiences.company_id
    and companies.company_name is not null
  group by companies.company_name

),

companies as (

  select
    coalesce(users.company_name, experiences.company_name) as company_name,
    coalesce(users.users, 0) as users,
    coalesce(experiences.experiences, 0) as experiences,
    coalesce(experiences.people_with_experience, 0) as people_with_experience
  from users_by_company as users
  full join experiences_by_company as experiences on experiences.company_name = users.company_name

)

{% call published(
  columns=['company_name', 'users', 'experiences', 'people_with_experience'],
  rules=[
    [enough_of_a_whole('users', order='company_name'), ['users']],
    [enough_of_a_whole('people_with_experience', order='company_name'), ['experiences', 'people_with_experience']]
  ],
  rows='(cells.shows_1 and cells.users > 0) or (cells.shows_2 and cells.people_with_experience > 0)'
) -%}
select * from companies
{%- endcall %}
