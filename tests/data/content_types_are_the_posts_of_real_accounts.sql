{{ config(enabled=var('min_cell') | int <= 1) }}

-- content_type_distribution, counted from the copied posts and comments instead of from events.
with real_people as (

  select engagement_person_id
  from {{ ref('accounts') }}
  where not is_test_account
    and deleted_at is null

),

posts as (

  select
    posts.id,
    posts.person_id,
    posts.type::text as content_type,
    posts.created_at,
    char_length({{ blank_to_null('posts.content') }}) as content_length,
    ({{ blank_to_null('posts.link_url') }}) is not null as has_link,
    coalesce(jsonb_path_exists(posts.media_keys, 'strict $[*]', silent => true), false) as has_media
  from {{ source('engagement', 'posts') }} as posts
  cross join {{ ref('as_of') }} as moment
  where {{ is_there('posts', 'moment.as_of') }}
    and posts.person_id in (select engagement_person_id from real_people)

),

comments as (

  select comments.post_id, comments.person_id
  from {{ source('engagement', 'comments') }} as comments
  cross join {{ ref('as_of') }} as moment
  where {{ is_there('comments', 'moment.as_of') }}
    and comments.person_id in (select engagement_person_id from real_people)

),

-- A post is counted once, however many comments it has.
posts_with_comments as (

  select posts.*, comments.person_id as commenter_id, row_number() over (partition by posts.id) as comment_order
  from posts
  left join comments on comments.post_id = posts.id

),

expected as (

  select
    content_type,
    count(*) filter (where comment_order = 1) as posts,
    count(distinct person_id) as authors,
    (sum(content_length) filter (where comment_order = 1)::numeric / count(content_length) filter (where comment_order = 1))::numeric(12, 2)
      as avg_content_length,
    count(*) filter (where comment_order = 1 and has_link) as posts_with_link,
    count(*) filter (where comment_order = 1 and has_media) as posts_with_media,
    count(commenter_id) as comments,
    count(distinct commenter_id) as commenters,
    (count(commenter_id)::numeric / count(*) filter (where comment_order = 1))::numeric(12, 2) as comments_per_post,
    min(created_at) as first_post_at,
    max(created_at) as last_post_at
  from posts_with_comments
  group by content_type

)

{{ rows_that_differ('expected', ref('content_type_distribution')) }}
