{{ config(indexes=[{'columns': ['user_id'], 'unique': true}, {'columns': ['posts']}, {'columns': ['engagement_score']}]) }}

with contributors as (

  select
    {{ keyed_hash('users.user_key') }} as user_id,
    users.posts_created as posts,
    users.comments_made as comments,
    users.engagement_score,
    case
      when users.posts_created >= 20 then 'power'
      when users.posts_created >= 10 then 'active'
      when users.posts_created >= 5 then 'regular'
      else 'casual'
    end as tier
  from {{ ref('unified_users') }} as users
  where users.is_real_account
    and users.posts_created + users.comments_made > 0

)

{# A row is one person. #}
{%- call published(
  columns=['user_id', 'posts', 'comments', 'engagement_score', 'tier'],
  rules=[],
  rows='false'
) -%}
select * from contributors
{%- endcall %}
