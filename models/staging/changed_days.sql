{# The days of people on which they may have done something else than when core.user_activity_events was last built: those of the changed
   activities, as they were and as they are, and all of those whose account's end has moved. #}
{{ config(post_hook="{{ note_what_is_built(after=['changed_accounts', 'changed_activities']) }}") }}
-- depends_on: {{ ref('change_window') }}
-- depends_on: {{ ref('changed_accounts') }}

{%- set events = as_published('user_activity_events') if execute else none %}

select was_user_key as user_key, {{ local_date('was_at') }} as activity_date
from {{ ref('changed_activities') }}
where was_user_key is not null

union

{% if events is not none -%}
select published.user_key, published.activity_date
from {{ events }} as published
where published.user_key in (select user_key from {{ ref('changed_accounts') }})

union

{% endif -%}
select activities.user_key, {{ local_date('activities.activity_at') }} as activity_date
from (
  {{ with_accounts(ref('changed_activities')) }}
) as activities
cross join {{ ref('as_of') }} as moment
where {{ has_happened('activities', 'moment') }}
