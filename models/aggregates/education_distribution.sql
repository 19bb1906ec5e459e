{{ config(indexes=[{'columns': ['degree_name'], 'unique': true}]) }}

-- Degrees of one name are one degree here, whatever their type.
with degrees as (

  select
    degrees.degree_name,
    count(distinct education.user_key) as users,
    count(distinct education.school_id) as schools
  from {{ ref('education') }} as education
  join {{ ref('unified_users') }} as users
    on users.user_key = education.user_key
    and users.is_real_account
  join {{ ref('dim_degrees') }} as degrees
    on degrees.degree_id = education.degree_id
    and degrees.degree_name is not null
  group by degrees.degree_name

)

{% call published(
  columns=['degree_name', 'users', 'schools'],
  rules=[[enough_of_a_whole('users', order='degree_name'), ['users', 'schools']]],
  rows='cells.shows_1'
) -%}
select * from degrees
{%- endcall %}
