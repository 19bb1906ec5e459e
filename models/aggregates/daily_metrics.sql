{{ config(indexes=[{'columns': ['metric_date'], 'unique': true}]) }}

with signups as (

  select * from {{ ref('history_signups') }}

),

days as (

  select day::date as metric_date
  from {{ ref('as_of') }} as moment
  cross join (select min(signup_on) as first_signup_on from signups) as span
  -- Of timestamps without zone: a series of timestamptz would step by the session's days.
  cross join lateral generate_series(span.first_signup_on::timestamp, moment.as_of_date::timestamp, interval '1 day') as day

),

signups_by_day as (

  select
    signup_on as metric_date,
    count(*) as new_signups,
    count(*) filter (where user_type = 'FINDER') as new_finder_signups,
    count(*) filter (where user_type = 'STANDARD') as new_standard_signups
  from signups
  group by signup_on

),

deletions_by_day as (

  select deleted_on as metric_date, count(*) as deletions
  from signups
  where deleted_on is not null
  group by deleted_on

),

-- One row a person and day: every distinct count below is a plain count of these rows.
user_days as (

  select
    user_key,
    user_type,
    activity_date as metric_date,
    total_activities as activities,
    post_count + comment_count as social_activities,
    vote_count + collection_count + collection_add_count + view_count as chemlink_activities,
    post_count as posts,
    comment_count as comments,
    vote_count as votes,
    collection_count as collections,
    view_count as views,
    profile_update_count as profile_updates
  from {{ ref('history_days') }}

),

activity_by_day as (

  select
    metric_date,
    count(*) filter (where activities > 0) as dau,
    count(*) filter (where social_activities > 0) as dau_social,
    count(*) filter (where chemlink_activities > 0) as dau_chemlink,
    count(*) as dau_with_profile_updates,
    count(*) filter (where activities > 0 and user_type = 'FINDER') as finder_active,
    count(*) filter (where activities > 0 and user_type = 'STANDARD') as standard_active,
    sum(posts)::bigint as posts_created,
    sum(comments)::bigint as comments_created,
    sum(votes)::bigint as votes_cast,
    sum(collections)::bigint as collections_created,
    sum(views)::bigint as views_given,
    sum(profile_updates)::bigint as profile_updates,
    count(*) filter (where posts > 0) as active_posters,
    count(*) filter (where comments > 0) as active_commenters,
    count(*) filter (where votes > 0) as active_voters,
    count(*) filter (where collections > 0) as active_collectors
    {%- if hides_small_cells() %},
    count(*) filter (where views > 0) as active_viewers,
    count(*) filter (where profile_updates > 0) as profile_updaters
    {%- endif %}
  from user_days
  group by metric_date

),

-- An active day keeps its person in the rolling window for 7 (30) days, or until the person's next active day takes over: counted in where
-- it begins and out where it ends, each person is in a window once, without a join of days with days.
active_days as (

  select
    metric_date,
    lead(metric_date) over (partition by user_key order by metric_date) as next_active_date
  from user_days
  where activities > 0

),

window_changes as (

  select metric_date, 1 as wau_change, 1 as mau_change from active_days
  union all
  select least(metric_date + 7, next_active_date), -1, 0 from active_days
  union all
  select least(metric_date + 30, next_active_date), 0, -1 from active_days

),

-- Active days before the first sign-up reach into the first windows, so that the sums run over every date there is.
rolling as (

  select
    metric_date,
    sum(sum(wau_change)) over (order by metric_date)::bigint as wau_rolling,
    sum(sum(mau_change)) over (order by metric_date)::bigint as mau_rolling
  from (
    select metric_date, wau_change, mau_change from window_changes
    union all
    select metric_date, 0, 0 from days
  ) as changes
  group by metric_date

),

metrics as (

  select
    days.metric_date,
    days.metric_date < moment.as_of_date as is_complete,
    coalesce(signups_by_day.new_signups, 0) as new_signups,
    coalesce(signups_by_day.new_finder_signups, 0) as new_finder_signups,
    coalesce(signups_by_day.new_standard_signups, 0) as new_standard_signups,
    sum(coalesce(signups_by_day.new_signups, 0) - coalesce(deletions_by_day.deletions, 0))
      over (order by days.metric_date)::bigint as total_users,
    coalesce(activity.dau, 0) as dau,
    coalesce(activity.dau_social, 0) as dau_social,
    coalesce(activity.dau_chemlink, 0) as dau_chemlink,
    coalesce(activity.dau_with_profile_updates, 0) as dau_with_profile_updates,
    coalesce(activity.finder_active, 0) as finder_active,
    coalesce(activity.standard_active, 0) as standard_active,
    coalesce(activity.posts_created, 0) as posts_created,
    coalesce(activity.comments_created, 0) as comments_created,
    coalesce(activity.votes_cast, 0) as votes_cast,
    coalesce(activity.collections_created, 0) as collections_created,
    coalesce(activity.views_given, 0) as views_given,
    coalesce(activity.profile_updates, 0) as profile_updates,
    coalesce(activity.active_posters, 0) as active_posters,
    coalesce(activity.active_commenters, 0) as active_commenters,
    coalesce(activity.active_voters, 0) as active_voters,
    coalesce(activity.active_collectors, 0) as active_collectors,
    rolling.wau_rolling,
    rolling.mau_rolling
    {%- if hides_small_cells() %},
    coalesce(activity.active_viewers, 0) as active_viewers,
    coalesce(activity.profile_updaters, 0) as profile_updaters
    {%- endif %}
  from days
  cross join {{ ref('as_of') }} as moment
  join rolling on rolling.metric_date = days.metric_date
  left join signups_by_day on signups_by_day.metric_date = days.metric_date
  left join deletions_by_day on deletions_by_day.metric_date = days.metric_date
  left join activity_by_day as activity on activity.metric_date = days.metric_date

)

{# What adds up is told for all days of a month or none: where one day is small, the month alone is told. #}
{%- set counted = [
  ('posts_created', 'active_posters'), ('comments_created', 'active_commenters'), ('votes_cast', 'active_voters'),
  ('collections_created', 'active_collectors'), ('views_given', 'active_viewers'), ('profile_updates', 'profile_updaters')
] -%}
{%- set people = [
  'dau', 'dau_social', 'dau_chemlink', 'dau_with_profile_updates', 'active_posters', 'active_commenters', 'active_voters', 'active_collectors',
  'wau_rolling', 'mau_rolling'
] -%}
{%- set rules = [] -%}
{%- for column in people -%}
  {%- do rules.append([enough(column), [column]]) -%}
{%- endfor -%}
{%- for count, doers in counted -%}
  {%- do rules.append([enough_throughout(doers, 'months.metric_month'), [count]]) -%}
{%- endfor -%}
{%- set told_months %}join ({{ told_signup_months() }}) as months on months.metric_month = {{ start_of('month', 'cells.metric_date') }}{% endset -%}
{%- call published(
  columns=[
    'metric_date', 'is_complete', 'new_signups', 'new_finder_signups', 'new_standard_signups', 'total_users', 'dau', 'dau_social', 'dau_chemlink',
    'dau_with_profile_updates', 'finder_active', 'standard_active', 'posts_created', 'comments_created', 'votes_cast', 'collections_created',
    'views_given', 'profile_updates', 'active_posters', 'active_commenters', 'active_voters', 'active_collectors', 'wau_rolling', 'mau_rolling',
    'engagement_rate', 'social_engagement_rate', 'stickiness'
  ],
  rules=rules + [
    ['months.tells_days', ['new_signups', 'new_finder_signups', 'new_standard_signups', 'total_users', 'engagement_rate']],
    [enough(['new_finder_signups', 'new_standard_signups']), ['new_finder_signups', 'new_standard_signups']],
    [enough('total_users'), ['total_users', 'engagement_rate']],
    [enough(['finder_active', 'standard_active']), ['finder_active', 'standard_active']],
    [enough('dau'), ['engagement_rate', 'social_engagement_rate', 'stickiness']],
    [enough('dau_social'), ['social_engagement_rate']],
    [enough('mau_rolling'), ['stickiness']]
  ],
  rates=['engagement_rate', 'social_engagement_rate', 'stickiness'],
  joined=told_months
) -%}
select
  metrics.*,
  {{ percentage('dau', 'total_users') }} as engagement_rate,
  {{ percentage('dau_social', 'dau') }} as social_engagement_rate,
  {{ percentage('dau', 'mau_rolling') }} as stickiness
from metrics
{%- endcall %}
