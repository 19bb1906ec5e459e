-- Where are the people who were active each month?

-- aggregate
select metric_month, country, mau
from aggregates.mau_by_country
order by metric_month, country

-- raw
select months.month, people.country, count(distinct activity.person)
from raw.activity
join raw.people on people.id = activity.person
join raw.months on months.month = date_trunc('month', activity.at at time zone 'UTC')::date
where people.deleted_at is null or activity.at < people.deleted_at
group by months.month, people.country
order by months.month, people.country
