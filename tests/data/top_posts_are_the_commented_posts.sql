{{ config(enabled=var('min_cell') | int <= 1) }}

-- top_posts, counted from the copied posts and comments instead of from events.
with real_people as (

  select engagement_person_id
  from {{ ref('accounts') }}
  where not is_test_account
    and deleted_at is null

),

expected as (

  select
    {{ keyed_hash('posts.id') }} as post_id,
    posts.type::text as content_type,
    count(*) as comments,
    count(distinct comments.person_id) as commenters,
    (10 * count(*) + 5 * count(distinct comments.person_id))::int as score,
    moment.as_of_date - {{ local_date('posts.created_at') }} as days_old
  from {{ source('engagement', 'comments') }} as comments
  join {{ source('engagement', 'posts') }} as posts on posts.id = comments.post_id
  cross join {{ ref('as_of') }} as moment
  where {{ is_there('posts', 'moment.as_of') }}
    and {{ is_there('comments', 'moment.as_of') }}
    and posts.person_id in (select engagement_person_id from real_people)
    and comments.person_id in (select engagement_person_id from real_people)
  group by posts.id, posts.type, posts.created_at, moment.as_of_date

)

{{ rows_that_differ('expected', ref('top_posts')) }}
