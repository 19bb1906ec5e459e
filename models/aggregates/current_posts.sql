{# The posts of accounts that are real at as_of, not deleted, with what is known of them beside their text. #}
{{ config(materialized='ephemeral') }}

select
  events.source_id as post_id,
  events.user_key,
  events.activity_at as posted_at,
  events.activity_date as posted_on,
  facts.content_type,
  facts.content_length,
  facts.has_link,
  facts.has_media
from {{ ref('user_activity_events') }} as events
join {{ ref('unified_users') }} as users
  on users.user_key = events.user_key
  and users.is_real_account
join {{ ref('post_facts') }} as facts on facts.source_id = events.source_id
where events.activity_type = 'post'
