{{ config(indexes=[{'columns': ['step_order'], 'unique': true}]) }}

{% set steps = [
  'signed_up', 'basic_info', 'headline', 'location', 'company', 'linkedin', 'experience', 'education', 'finder', 'activated'
] %}

-- Who has done which step: a column a step, in the funnel's order.
with accounts as (

  select
    true as signed_up,
    facts.has_basic_info as basic_info,
    facts.has_headline as headline,
    facts.has_location as location,
    facts.has_company as company,
    facts.has_linkedin as linkedin,
    users.experience_count > 0 as experience,
    users.education_count > 0 as education,
    users.has_finder as finder,
    users.is_activated as activated
  from {{ ref('profile_facts') }} as facts
  join {{ ref('unified_users') }} as users
    on users.user_key = facts.user_key
    and users.is_real_account

),

counted as (

  select
    {% for step in steps -%}
    count(*) filter (where {{ step }}) as {{ step }},
    count(*) filter (where {{ steps[:loop.index] | join(' and ') }}) as {{ step }}_in_sequence{{ ',' if not loop.last }}
    {% endfor %}
  from accounts

),

funnel as (

  select
    steps.step_order,
    steps.step,
    steps.users,
    {{ percentage('steps.users', 'counted.signed_up') }} as rate_of_total,
    steps.users_in_sequence,
    {{ percentage('steps.users_in_sequence', 'lag(steps.users_in_sequence) over (order by steps.step_order)') }} as rate_of_previous
  from counted
  cross join lateral (
    values
    {% for step in steps -%}
    ({{ loop.index }}, '{{ step }}', counted.{{ step }}, counted.{{ step }}_in_sequence){{ ',' if not loop.last }}
    {% endfor %}
  ) as steps (step_order, step, users, users_in_sequence)

)

{# Whom a step leaves out may be a cell elsewhere: the country Unknown, the accounts without Finder. #}
{%- set everyone = 'max(users) over ()' -%}
{%- set users = enough(['users', '(' ~ everyone ~ ' - users)']) -%}
{%- set in_sequence = enough(['users_in_sequence', '(' ~ everyone ~ ' - users_in_sequence)']) -%}
{%- set previous = 'lag(users_in_sequence) over (order by step_order)' -%}
{%- call published(
  columns=['step_order', 'step', 'users', 'rate_of_total', 'users_in_sequence', 'rate_of_previous'],
  rules=[
    [users, ['users', 'rate_of_total']],
    [in_sequence, ['users_in_sequence', 'rate_of_previous']],
    [enough([previous, '(' ~ everyone ~ ' - ' ~ previous ~ ')']), ['rate_of_previous']]
  ],
  rates=['rate_of_total', 'rate_of_previous']
) -%}
select * from funnel
{%- endcall %}
