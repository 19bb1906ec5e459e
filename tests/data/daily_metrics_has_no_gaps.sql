-- Every date from the first to as_of's is there.
with days as (

  select
    metric_date,
    metric_date - lag(metric_date) over (order by metric_date) as step
  from {{ ref('daily_metrics') }}

)

select metric_date, step
from days
where step <> 1

union all

select max(days.metric_date), null
from days
cross join {{ ref('as_of') }} as moment
having max(days.metric_date) <> max(moment.as_of_date)
