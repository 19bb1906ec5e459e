-- Counts of activities, records and moments of sign-up, counted again one by one from the lists that the features come from.
{% set datasets = [
  {'name': 'activation', 'days': 7, 'types': ['view', 'collection_add', 'group_join']},
  {'name': 'engagement', 'days': 30, 'types': activity_types()}
] -%}
{% for dataset in datasets -%}
select '{{ dataset.name }}' as dataset, examples.example_id
from (
  {% for part in ['training_data', 'scoring'] -%}
  select
    example_id, signup_dow, signup_hour, signup_month, experience_count, education_count, language_count, has_engagement_account
    {%- for type in dataset.types %}, {{ type }}_count_{{ dataset.days }}d{% endfor %}
  from {{ ref(part ~ '_' ~ dataset.name) }}
  {% if not loop.last -%} union all {% endif %}
  {%- endfor %}
) as examples
left join (
  select
    {{ keyed_hash('accounts.user_key') }} as example_id,
    accounts.*,
    accounts.signup_at + {{ n_days(dataset.days) }} as observed_at
  from {{ ref('accounts') }} as accounts
) as users on users.example_id = examples.example_id
left join (
  select
    user_key
    {%- for type in dataset.types %},
    sum((activity_type = '{{ type }}')::int) as {{ type }}_count
    {%- endfor %}
  from {{ ref('account_activities') }}
  where activity_at >= signup_at
    and greatest(activity_at, known_from) <= signup_at + {{ n_days(dataset.days) }}
    and coalesce(deleted_at, 'infinity') > signup_at + {{ n_days(dataset.days) }}
  group by user_key
) as counts on counts.user_key = users.user_key
{% for table, record in [('experiences', 'experience'), ('education', 'education'), ('person_languages', 'language')] -%}
left join (
  select accounts.user_key, count(*) as records
  from {{ source('chemlink', table) }} as children
  join {{ ref('accounts') }} as accounts on accounts.chemlink_id = children.person_id
  where {{ is_there('children', 'accounts.signup_at + ' ~ n_days(dataset.days)) }}
  group by accounts.user_key
) as {{ record }}_records on {{ record }}_records.user_key = users.user_key
{% endfor -%}
where users.user_key is null
  or examples.signup_dow <> to_char({{ local_time('users.signup_at') }}, 'ID')::int
  or examples.signup_hour <> to_char({{ local_time('users.signup_at') }}, 'HH24')::int
  or examples.signup_month <> to_char({{ local_time('users.signup_at') }}, 'MM')::int
  or examples.has_engagement_account <> coalesce(users.engagement_account_created_at <= users.observed_at, false)
  {% for record in ['experience', 'education', 'language'] -%}
  or examples.{{ record }}_count <> coalesce({{ record }}_records.records, 0)
  {% endfor -%}
  {% for type in dataset.types -%}
  or examples.{{ type }}_count_{{ dataset.days }}d <> coalesce(counts.{{ type }}_count, 0)
  {% endfor -%}
{% if not loop.last -%} union all {% endif %}
{%- endfor %}
