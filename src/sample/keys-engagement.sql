-- Keys between tables (none to persons and posts: rows outlive them here) and the indexes that the application needs.

alter table posts add foreign key (group_id) references groups (id);
alter table group_members add foreign key (group_id) references groups (id);

create index on persons (lower(email));
create index on posts (person_id);
create index on posts (created_at) where deleted_at is null;
create index on comments (post_id);
create index on comments (person_id);
create index on group_members (group_id);
create index on group_members (person_id);
create index on mentions (mentioned_person_id);
create index on reports (reported_post_id);
