{{ config(enabled=var('min_cell') | int <= 1) }}

-- finder_metrics, counted from the copied rows, month by month; votes and views are also those of daily_metrics.
with months as (

  select distinct date_trunc('month', metric_date::timestamp)::date as metric_month
  from {{ ref('daily_metrics') }}

),

searches as (

  select {{ local_month('searches.created_at') }} as metric_month
  from {{ source('chemlink', 'query_embeddings') }} as searches
  cross join {{ ref('as_of') }} as moment
  where {{ is_there('searches', 'moment.as_of') }}

),

{% for table, person in [('query_votes', 'voter_id'), ('view_access', 'person_id')] -%}
{{ table }} as (

  select deeds.*, {{ local_month('deeds.created_at') }} as metric_month
  from {{ source('chemlink', table) }} as deeds
  cross join {{ ref('as_of') }} as moment
  join {{ ref('accounts') }} as accounts on accounts.chemlink_id = deeds.{{ person }}
  where {{ is_there('deeds', 'moment.as_of') }}
    and not accounts.is_test_account
    and (accounts.deleted_at is null or deeds.created_at < accounts.deleted_at)

),

{% endfor -%}
counted as (

  select
    months.metric_month,
    (select count(*) from searches where searches.metric_month = months.metric_month) as searches,
    count(votes.id) as votes,
    count(votes.id) filter (where votes.type::text = 'upvote') as upvotes,
    count(votes.id) filter (where votes.type::text = 'downvote') as downvotes,
    count(distinct votes.voter_id) as voters,
    count(distinct {{ blank_to_null('votes.search_key') }}) as searches_voted_on,
    (select count(*) from view_access as views where views.metric_month = months.metric_month) as views,
    (select count(distinct views.person_id) from view_access as views where views.metric_month = months.metric_month) as viewers
  from months
  left join query_votes as votes on votes.metric_month = months.metric_month
  group by months.metric_month

),

expected as (

  select
    metric_month,
    searches,
    votes,
    upvotes,
    downvotes,
    voters,
    searches_voted_on,
    round(100.0 * searches_voted_on / nullif(searches, 0), 2) as vote_rate,
    views,
    viewers
  from counted

)

{{ rows_that_differ('expected', ref('finder_metrics')) }}
