{{ config(enabled=var('min_cell') | int <= 1) }}

-- top_contributors, counted from the copied rows instead of from unified_users' counts.
with real_accounts as (

  select user_key, chemlink_id, engagement_person_id
  from {{ ref('accounts') }}
  where not is_test_account
    and deleted_at is null

),

deeds as (

  {% for deed in [
    {'table': 'posts', 'source': 'engagement', 'person': 'person_id', 'points': 3},
    {'table': 'comments', 'source': 'engagement', 'person': 'person_id', 'points': 2},
    {'table': 'query_votes', 'source': 'chemlink', 'person': 'voter_id', 'points': 1},
    {'table': 'collections', 'source': 'chemlink', 'person': 'person_id', 'points': 5}
  ] -%}
  select real_accounts.user_key, '{{ deed.table }}' as deed, {{ deed.points }} as points
  from {{ source(deed.source, deed.table) }} as deeds
  cross join {{ ref('as_of') }} as moment
  join real_accounts on real_accounts.{{ 'chemlink_id' if deed.source == 'chemlink' else 'engagement_person_id' }} = deeds.{{ deed.person }}
  where {{ is_there('deeds', 'moment.as_of') }}
  {{ 'union all' if not loop.last }}
  {% endfor %}
),

counted as (

  select
    user_key,
    count(*) filter (where deed = 'posts') as posts,
    count(*) filter (where deed = 'comments') as comments,
    sum(points)::int as engagement_score
  from deeds
  group by user_key

),

expected as (

  select
    {{ keyed_hash('user_key') }} as user_id,
    posts,
    comments,
    engagement_score,
    (array['casual', 'regular', 'active', 'power'])[1 + width_bucket(posts, array[5, 10, 20]::bigint[])] as tier
  from counted
  where posts > 0
    or comments > 0

)

{{ rows_that_differ('expected', ref('top_contributors')) }}
