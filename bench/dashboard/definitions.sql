-- The contract's definitions (docs/SCHEMA_DESIGN.md) as an analyst of the sources would keep them: views, which the planner takes apart, over
-- the raw copies. :as_of and :test_patterns are put in as literals, so that it can estimate with them.

create function raw.filled(value text) returns text language sql immutable
return case
  when btrim(
    value,
    U&'\0009\000A\000B\000C\000D\0020\0085\00A0\1680\2000\2001\2002\2003\2004\2005\2006\2007\2008\2009\200A\2028\2029\202F\205F\3000'
  ) <> '' then value
end;

-- Who has signed up and is no test account.
create view raw.people as
select
  persons.id,
  persons.person_id,
  persons.created_at as signup_at,
  case when persons.deleted_at <= :as_of then persons.deleted_at end as deleted_at,
  case when persons.has_finder then 'FINDER' else 'STANDARD' end as user_type,
  coalesce(raw.filled(locations.country), 'Unknown') as country,
  raw.filled(persons.first_name) is not null as has_first_name,
  raw.filled(persons.last_name) is not null as has_last_name,
  raw.filled(persons.email) is not null as has_email,
  coalesce(char_length(raw.filled(persons.headline_description)) > 10, false) as has_headline,
  raw.filled(persons.linked_in_url) is not null as has_linkedin,
  persons.location_id is not null as has_location,
  persons.company_id,
  persons.updated_at
from raw.chemlink_persons as persons
left join raw.chemlink_locations as locations
  on locations.id = persons.location_id
  and locations.created_at <= :as_of
where persons.created_at <= :as_of
  and (persons.email ilike any (:test_patterns)) is not true;

-- Who is a real account now.
create view raw.real_people as
select * from raw.people where deleted_at is null;

create view raw.first_signup as
select min(created_at) as first_signup_at
from raw.chemlink_persons
where created_at <= :as_of
  and (email ilike any (:test_patterns)) is not true
  and (deleted_at is null or deleted_at > created_at or deleted_at > :as_of);

create view raw.days as
select day::date as day
from raw.first_signup
cross join generate_series(
  date_trunc('day', first_signup_at at time zone 'UTC'), :as_of at time zone 'UTC', interval '1 day'
) as day;

create view raw.months as
select
  month::date as month,
  month + interval '1 month' <= date_trunc('day', :as_of at time zone 'UTC') as is_complete
from raw.first_signup
cross join generate_series(
  date_trunc('month', first_signup_at at time zone 'UTC'), :as_of at time zone 'UTC', interval '1 month'
) as month;

-- Of several accounts of one person on the social platform the oldest links.
create view raw.links as
select distinct on (persons.id)
  persons.id as person,
  accounts.id as engagement_person_id
from raw.engagement_persons as accounts
join raw.chemlink_persons as persons on persons.person_id::text = lower(accounts.external_id)
where accounts.created_at <= :as_of
  and persons.created_at <= :as_of
order by persons.id, accounts.created_at, accounts.id;

create view raw.posts as
select posts.id, links.person, posts.created_at as at, posts.type::text as content_type, posts.content, posts.link_url, posts.media_keys
from raw.engagement_posts as posts
join raw.links on links.engagement_person_id = posts.person_id
where posts.created_at <= :as_of
  and (posts.deleted_at is null or posts.deleted_at > :as_of);

create view raw.comments as
select comments.id, links.person, comments.created_at as at, comments.post_id
from raw.engagement_comments as comments
join raw.links on links.engagement_person_id = comments.person_id
where comments.created_at <= :as_of
  and (comments.deleted_at is null or comments.deleted_at > :as_of);

create view raw.social_activity as
select events.type, links.person, events.at
from (
  select 'post' as type, person_id, created_at as at
  from raw.engagement_posts
  where created_at <= :as_of and (deleted_at is null or deleted_at > :as_of)
  union all
  select 'comment', person_id, created_at
  from raw.engagement_comments
  where created_at <= :as_of and (deleted_at is null or deleted_at > :as_of)
) as events
join raw.links on links.engagement_person_id = events.person_id;

-- The seven types of activity.
create view raw.activity as
select events.type, links.person, events.at
from (
  select 'post' as type, person_id, created_at as at
  from raw.engagement_posts
  where created_at <= :as_of and (deleted_at is null or deleted_at > :as_of)
  union all
  select 'comment', person_id, created_at
  from raw.engagement_comments
  where created_at <= :as_of and (deleted_at is null or deleted_at > :as_of)
  union all
  select 'group_join', person_id, created_at
  from raw.engagement_group_members
  where created_at <= :as_of and (deleted_at is null or deleted_at > :as_of)
) as events
join raw.links on links.engagement_person_id = events.person_id
union all
select 'vote', voter_id, created_at
from raw.chemlink_query_votes
where created_at <= :as_of and (deleted_at is null or deleted_at > :as_of)
union all
select 'collection', person_id, created_at
from raw.chemlink_collections
where created_at <= :as_of and (deleted_at is null or deleted_at > :as_of)
union all
select 'collection_add', added_by, created_at
from raw.chemlink_collection_profiles
where created_at <= :as_of and (deleted_at is null or deleted_at > :as_of)
union all
select 'view', person_id, created_at
from raw.chemlink_view_access
where created_at <= :as_of and (deleted_at is null or deleted_at > :as_of);

-- The last update of each profile, but for bulk imports.
create view raw.profile_updates as
select persons.id as person, persons.updated_at as at
from raw.chemlink_persons as persons
where persons.updated_at > persons.created_at
  and persons.updated_at <= :as_of
  and date_trunc('second', persons.updated_at) not in (
    select date_trunc('second', updated_at)
    from raw.chemlink_persons
    where updated_at > created_at
    group by 1
    having count(*) > 100
  );
