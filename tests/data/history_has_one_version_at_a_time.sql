-- A person has exactly one version that is valid now.
select id, count(*) filter (where valid_to is null) as current_versions
from {{ ref('chemlink_persons_history') }}
group by id
having count(*) filter (where valid_to is null) <> 1
