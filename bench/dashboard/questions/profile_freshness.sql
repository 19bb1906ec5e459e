-- How fresh are profiles?

-- aggregate
select value, users, share
from aggregates.profile_metrics
where dimension = 'freshness'
order by value

-- raw
select
  case
    when coalesce(updates.at, people.signup_at) > :as_of - interval '2160 hours' then 'FRESH'
    when coalesce(updates.at, people.signup_at) > :as_of - interval '4320 hours' then 'AGING'
    else 'STALE'
  end as value,
  count(*),
  (count(*) * 100.0 / sum(count(*)) over ())::numeric(12, 2)
from raw.real_people as people
left join raw.profile_updates as updates on updates.person = people.id
group by 1
order by 1
