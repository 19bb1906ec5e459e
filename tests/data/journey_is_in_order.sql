-- event_order counts from 1 without gaps, time never runs back, and nothing follows the account's deletion.
select *
from (
  select
    user_key,
    event_type,
    event_order,
    event_at < lag(event_at) over user_journey as runs_back,
    row_number() over user_journey as expected_order,
    lag(event_type) over user_journey as previous_type
  from {{ ref('user_journey_events') }}
  window user_journey as (partition by user_key order by event_order)
) as steps
where runs_back
  or event_order <> expected_order
  or previous_type = 'account_deleted'
