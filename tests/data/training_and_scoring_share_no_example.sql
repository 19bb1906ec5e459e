-- An example is learned from or asked about, never both; and nobody is asked about whose labels have come, by local date.
select 'activation' as dataset, scoring.example_id
from {{ ref('scoring_activation') }} as scoring
left join {{ ref('training_data_activation') }} as training on training.example_id = scoring.example_id
cross join {{ ref('as_of') }} as moment
where training.example_id is not null
  or scoring.observed_on < moment.as_of_date - 31
  or scoring.observed_on > moment.as_of_date

union all

select 'engagement', scoring.example_id
from {{ ref('scoring_engagement') }} as scoring
left join {{ ref('training_data_engagement') }} as training on training.example_id = scoring.example_id
cross join {{ ref('as_of') }} as moment
where training.example_id is not null
  or scoring.observed_on < moment.as_of_date - 91
  or scoring.observed_on > moment.as_of_date
