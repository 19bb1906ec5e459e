{{ config(enabled=var('min_cell') | int <= 1) }}

-- Votes, views and collections of a month are the sums of its days in daily_metrics.
with expected as (

  select
    date_trunc('month', metric_date::timestamp)::date as metric_month,
    sum(votes_cast)::bigint as votes,
    sum(views_given)::bigint as views,
    sum(collections_created)::bigint as collections
  from {{ ref('daily_metrics') }}
  where metric_date >= (select min(metric_month) from {{ ref('finder_metrics') }})
  group by 1

),

-- The first month also has what was done in its days before the first sign-up.
first_months as (

  select min(metric_month) as metric_month from expected

),

actual as (

  select finder.metric_month, finder.votes, finder.views, collections.collections
  from {{ ref('finder_metrics') }} as finder
  full join {{ ref('collection_metrics') }} as collections on collections.metric_month = finder.metric_month

)

select expected.*, actual.votes as month_votes, actual.views as month_views, actual.collections as month_collections
from expected
full join actual on actual.metric_month = expected.metric_month
cross join first_months
where case
  when expected.metric_month = first_months.metric_month
    then actual.votes < expected.votes or actual.views < expected.views or actual.collections < expected.collections
  else (expected.metric_month, expected.votes, expected.views, expected.collections)
    is distinct from (actual.metric_month, actual.votes, actual.views, actual.collections)
end
