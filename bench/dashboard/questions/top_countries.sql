-- Where do our people live?

-- aggregate
select country, users, companies, share
from aggregates.geographic_distribution
order by users desc, country
limit 20

-- raw
select
  country,
  count(*) as users,
  count(distinct company_id),
  (count(*) * 100.0 / sum(count(*)) over ())::numeric(12, 2)
from raw.real_people
group by country
order by users desc, country
limit 20
