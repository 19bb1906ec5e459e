{# The comments by accounts that are real at as_of, not deleted, wherever the post is. #}
{{ config(materialized='ephemeral') }}

select
  events.source_id as comment_id,
  events.user_key,
  events.metadata ->> 'post_id' as post_id
from {{ ref('user_activity_events') }} as events
join {{ ref('unified_users') }} as users
  on users.user_key = events.user_key
  and users.is_real_account
where events.activity_type = 'comment'
