{# The accounts that are known otherwise now than when core.user_facts was last built: each as it was, and as it is. #}
{{ config(post_hook="{{ note_what_is_built() }}") }}
-- depends_on: {{ ref('as_of') }}

{%- set users = as_published('user_facts') if execute else none %}

{% if users is none -%}
select
  null::bigint as chemlink_id,
  null::uuid as user_key,
  null::uuid as engagement_person_id,
  null::boolean as is_moved
from {{ ref('accounts') }}
cross join {{ ref('change_window') }}
where false
{%- else -%}
with differing as (

  select
    users.chemlink_id as old_chemlink_id,
    users.user_key as old_user_key,
    users.engagement_person_id as old_engagement_person_id,
    accounts.chemlink_id,
    accounts.user_key,
    accounts.engagement_person_id,
    -- Its activities are somebody else's now, or lie otherwise to its sign-up.
    (users.user_key, users.signup_date, users.engagement_person_id)
    is distinct from (accounts.user_key, accounts.signup_at, accounts.engagement_person_id) as is_moved
  from {{ users }} as users
  full join {{ ref('accounts') }} as accounts on accounts.chemlink_id = users.chemlink_id
  where (
    users.user_key, users.signup_date, users.engagement_person_id, users.engagement_account_created_at, users.deleted_at, users.is_test_account
  ) is distinct from (
    accounts.user_key, accounts.signup_at, accounts.engagement_person_id, accounts.engagement_account_created_at, accounts.deleted_at,
    accounts.is_test_account
  )
    and (select bool_and(is_certain) from {{ ref('change_window') }})

)

select
  old_chemlink_id as chemlink_id,
  old_user_key as user_key,
  old_engagement_person_id as engagement_person_id,
  is_moved
from differing
where old_chemlink_id is not null

union

select
  chemlink_id,
  user_key,
  engagement_person_id,
  is_moved
from differing
where chemlink_id is not null
{%- endif %}
