{{ config(indexes=[{'columns': ['country'], 'unique': true}]) }}

with countries as (

  select
    coalesce(country, 'Unknown') as country,
    count(*) as users,
    count(distinct company_id) as companies
  from {{ ref('unified_users') }}
  where is_real_account
  group by 1

),

distribution as (

  select
    country,
    users,
    companies,
    {{ percentage('users', 'sum(users) over ()') }} as share
  from countries

)

{% call published(
  columns=['country', 'users', 'companies', 'share'],
  rules=[[enough_of_a_whole('users', order='country'), ['users', 'companies', 'share']]],
  rates=['share'],
  rows='cells.shows_1'
) -%}
select * from distribution
{%- endcall %}
