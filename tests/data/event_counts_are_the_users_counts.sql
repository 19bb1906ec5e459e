-- The events of a user are the counts of unified_users.
with events as (

  select
    user_key,
    count(*) filter (where activity_type = 'post') as posts_created,
    count(*) filter (where activity_type = 'comment') as comments_made,
    count(*) filter (where activity_type = 'vote') as votes_cast,
    count(*) filter (where activity_type = 'collection') as collections_created,
    count(*) filter (where activity_type = 'collection_add') as collection_adds,
    count(*) filter (where activity_type = 'group_join') as groups_joined,
    count(*) filter (where activity_type = 'view') as views_given,
    count(*) filter (where activity_type = 'profile_update') as profile_updates
  from {{ ref('user_activity_events') }}
  group by user_key

)

select users.user_key
from {{ ref('unified_users') }} as users
left join events on events.user_key = users.user_key
where users.posts_created <> coalesce(events.posts_created, 0)
  or users.comments_made <> coalesce(events.comments_made, 0)
  or users.votes_cast <> coalesce(events.votes_cast, 0)
  or users.collections_created <> coalesce(events.collections_created, 0)
  or users.collection_adds <> coalesce(events.collection_adds, 0)
  or users.groups_joined <> coalesce(events.groups_joined, 0)
  or users.views_given <> coalesce(events.views_given, 0)
  or users.profile_updates <> coalesce(events.profile_updates, 0)
