{# What may be known of a post further on: its kind, how long its text is, whether it has a link or media. The text, the address and the keys stay here. #}
{{ config(materialized='view') }}

select
  posts.id::text as source_id,
  {{ blank_to_null('posts.type::text') }} as content_type,
  char_length({{ blank_to_null('posts.content') }}) as content_length,
  {{ blank_to_null('posts.link_url') }} is not null as has_link,
  case
    when jsonb_typeof(posts.media_keys) = 'array' then jsonb_array_length(posts.media_keys) > 0
    else false
  end as has_media
from {{ source('engagement', 'posts') }} as posts
