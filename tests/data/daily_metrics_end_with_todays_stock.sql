{{ config(enabled=var('min_cell') | int <= 1) }}

-- The last day's total_users is the number of accounts that are real at as_of: sign-ups less deletions lose nobody on the way.
select metrics.total_users, users.real_accounts
from (select total_users from {{ ref('daily_metrics') }} order by metric_date desc limit 1) as metrics
cross join (select count(*) as real_accounts from {{ ref('unified_users') }} where is_real_account) as users
where metrics.total_users <> users.real_accounts
