{{ config(indexes=[{'columns': ['metric_month'], 'unique': true}]) }}

with months as (

  {{ period_series('month') | indent(2) }}

),

-- Searches are everyone's: whose a search is, is not stored.
searches_by_month as (

  select
    {{ local_month('searched_at') }} as metric_month,
    count(*) as searches
  from {{ ref('searches') }}
  group by 1

),

votes_by_month as (

  select
    {{ start_of('month', 'activity.activity_date') }} as metric_month,
    count(*) as votes,
    count(*) filter (where votes.vote_type = 'upvote') as upvotes,
    count(*) filter (where votes.vote_type = 'downvote') as downvotes,
    count(distinct activity.user_key) as voters,
    count(distinct votes.search_hash) as searches_voted_on
    {%- if hides_small_cells() %},
    count(distinct activity.user_key) filter (where votes.vote_type = 'upvote') as upvoters,
    count(distinct activity.user_key) filter (where votes.vote_type = 'downvote') as downvoters
    {%- endif %}
  from {{ ref('history_activity') }} as activity
  join {{ ref('vote_facts') }} as votes on votes.source_id = activity.source_id
  where activity.activity_type = 'vote'
  group by 1

),

views_by_month as (

  select
    {{ start_of('month', 'activity_date') }} as metric_month,
    sum(view_count)::bigint as views,
    count(distinct user_key) as viewers
  from {{ ref('history_days') }}
  where view_count > 0
  group by 1

),

metrics as (

  select
    months.metric_month,
    coalesce(searches_by_month.searches, 0) as searches,
    coalesce(votes_by_month.votes, 0) as votes,
    coalesce(votes_by_month.upvotes, 0) as upvotes,
    coalesce(votes_by_month.downvotes, 0) as downvotes,
    coalesce(votes_by_month.voters, 0) as voters,
    coalesce(votes_by_month.searches_voted_on, 0) as searches_voted_on,
    {{ percentage('coalesce(votes_by_month.searches_voted_on, 0)', 'searches_by_month.searches') }} as vote_rate,
    coalesce(views_by_month.views, 0) as views,
    coalesce(views_by_month.viewers, 0) as viewers
    {%- if hides_small_cells() %},
    coalesce(votes_by_month.upvoters, 0) as upvoters,
    coalesce(votes_by_month.downvoters, 0) as downvoters
    {%- endif %}
  from months
  left join searches_by_month on searches_by_month.metric_month = months.metric_month
  left join votes_by_month on votes_by_month.metric_month = months.metric_month
  left join views_by_month on views_by_month.metric_month = months.metric_month

)

{# Whose a search is, is not known: few searches are those of few people. #}
{%- set searches = enough_of_a_whole('searches', order='metric_month') -%}
{%- call published(
  columns=['metric_month', 'searches', 'votes', 'upvotes', 'downvotes', 'voters', 'searches_voted_on', 'vote_rate', 'views', 'viewers'],
  rules=[
    [searches, ['searches', 'vote_rate']],
    [enough('voters'), ['votes', 'voters', 'searches_voted_on', 'vote_rate']],
    [enough(['voters', 'upvoters', 'downvoters']), ['upvotes', 'downvotes']],
    [enough('viewers'), ['views', 'viewers']]
  ],
  rates=['vote_rate']
) -%}
select * from metrics
{%- endcall %}
