-- The social platform's database: tables and types. Keys between tables and indexes are in keys-engagement.sql, made after loading.

-- Types that an analytics database does not have.
create type post_type as enum ('text', 'link', 'image', 'file', 'job');
create type post_status as enum ('draft', 'published', 'hidden');
create type employment_status as enum ('EMPLOYED', 'SEEKING', 'STUDENT', 'RETIRED');
create type report_reason as (category text, note text);

create table persons (
  id uuid primary key default gen_random_uuid(),
  external_id varchar(80) unique,
  iam_id varchar(80),
  first_name varchar(120),
  middle_name varchar(120),
  last_name varchar(120),
  email varchar(255),
  company_name varchar(255),
  role_title varchar(255),
  employment_status employment_status,
  mobile_number varchar(40),
  mobile_number_country_code varchar(8),
  profile_picture_key varchar(255),
  profile_pic_updated_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

create table groups (
  id uuid primary key default gen_random_uuid(),
  name varchar(255),
  description text,
  created_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

create table posts (
  id uuid primary key default gen_random_uuid(),
  person_id uuid,
  group_id uuid,
  type post_type,
  content text,
  link_url text,
  media_keys jsonb,
  status post_status,
  link_has_preview boolean,
  pinned_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

create table comments (
  id uuid primary key default gen_random_uuid(),
  post_id uuid,
  person_id uuid,
  parent_comment_id uuid,
  content text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

create table group_members (
  id uuid primary key default gen_random_uuid(),
  group_id uuid,
  person_id uuid,
  role varchar(20),
  confirmed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

create table mentions (
  id uuid primary key default gen_random_uuid(),
  mentioned_person_id uuid,
  mentioned_by_person_id uuid,
  post_id uuid,
  comment_id uuid,
  type varchar(20),
  created_at timestamptz not null default now(),
  deleted_at timestamptz
);

create table reports (
  id uuid primary key default gen_random_uuid(),
  reporter_id uuid,
  reported_post_id uuid,
  reason report_reason,
  status varchar(20),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);
