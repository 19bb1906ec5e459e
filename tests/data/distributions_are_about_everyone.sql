{{ config(enabled=var('min_cell') | int <= 1) }}

-- Every real account is in each distribution once, and shares come to 100 within what rounding takes.
with everyone as (

  select count(*) as users from {{ ref('unified_users') }} where is_real_account

),

distributions as (

  select dimension as distribution, sum(users) as users, sum(share) as share, count(*) as cells
  from {{ ref('profile_metrics') }}
  group by dimension

  union all

  select 'country', sum(users), sum(share), count(*) from {{ ref('geographic_distribution') }}

)

select distributions.*, everyone.users as real_accounts
from distributions
cross join everyone
where coalesce(distributions.users, 0) <> everyone.users
  or abs(distributions.share - 100) > 0.005 * distributions.cells
