{{ config(enabled=var('min_cell') | int <= 1) }}

-- collection_metrics, counted from the copied rows, month by month.
with months as (

  select distinct date_trunc('month', metric_date::timestamp)::date as metric_month
  from {{ ref('daily_metrics') }}

),

{% for table, person in [('collections', 'person_id'), ('collection_profiles', 'added_by'), ('collection_collaborators', 'added_by')] -%}
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
expected as (

  select
    months.metric_month,
    count(collections.id) as collections,
    count(collections.id) filter (where collections.privacy::text = 'PUBLIC') as public_collections,
    count(collections.id) filter (where collections.privacy::text = 'PRIVATE') as private_collections,
    count(collections.id) - count(collections.privacy) as unset_collections,
    count(distinct collections.person_id) as collectors,
    (select count(*) from collection_profiles as added where added.metric_month = months.metric_month) as profiles_added,
    (select count(*) from collection_collaborators as shares where shares.metric_month = months.metric_month) as shares,
    (
      select count(distinct shares.collection_id)
      from collection_collaborators as shares
      where shares.metric_month = months.metric_month
    ) as shared_collections
  from months
  left join collections on collections.metric_month = months.metric_month
  group by months.metric_month

)

{{ rows_that_differ('expected', ref('collection_metrics')) }}
