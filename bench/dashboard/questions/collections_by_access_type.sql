-- With which rights are collections shared?

-- aggregate
select access_type, shares, collections
from aggregates.collection_sharing
order by access_type

-- raw
select
  coalesce(raw.filled(shares.access_type), 'Not set') as access_type,
  count(*),
  count(distinct shares.collection_id)
from raw.chemlink_collection_collaborators as shares
join raw.real_people as people on people.id = shares.added_by
where shares.created_at <= :as_of
  and (shares.deleted_at is null or shares.deleted_at > :as_of)
group by 1
order by 1
