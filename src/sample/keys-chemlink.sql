-- Keys between tables (none to persons: rows outlive people here) and the indexes that the application needs.

alter table persons
  add foreign key (location_id) references locations (id),
  add foreign key (company_id) references companies (id),
  add foreign key (role_id) references roles (id);
alter table experiences
  add foreign key (company_id) references companies (id),
  add foreign key (role_id) references roles (id),
  add foreign key (project_id) references projects (id),
  add foreign key (location_id) references locations (id);
alter table education
  add foreign key (school_id) references schools (id),
  add foreign key (degree_id) references degrees (id);
alter table person_languages add foreign key (language_id) references languages (id);

create index on persons (lower(email));
create index on persons (updated_at);
create index on experiences (person_id);
create index on education (person_id);
create index on person_languages (person_id);
create index on collections (person_id);
create index on collection_profiles (collection_id);
create index on collection_profiles (added_by);
create index on collection_collaborators (collection_id);
create index on embeddings (person_id);
create index on query_votes (voter_id);
create index on view_access (person_id);
