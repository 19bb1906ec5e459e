-- Only examples whose label window is over are there: 7 + 30 and 30 + 90 days before as_of, by local date.
select 'training_data_activation' as dataset, max(observed_on) as last_observed_on
from {{ ref('training_data_activation') }}
cross join {{ ref('as_of') }} as moment
group by moment.as_of_date
having max(observed_on) > moment.as_of_date - 29

union all

select 'training_data_engagement', max(observed_on)
from {{ ref('training_data_engagement') }}
cross join {{ ref('as_of') }} as moment
group by moment.as_of_date
having max(observed_on) > moment.as_of_date - 89
