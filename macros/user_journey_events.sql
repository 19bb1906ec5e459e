{% macro accounts_to_build() -%}
  {#- Whose journeys may differ from the published ones: accounts that anything has changed about, and those for whom a silence became 30 or 90 days long since. -#}
  {% if is_by_account() -%}
  select user_key from {{ ref('changed_accounts') }}
  {%- for moments, moment in [(ref('accounts'), 'signup_at'), (ref('user_activity_events'), 'activity_at')] -%}
  {%- for length in [30, 90] %}
  union
  select moments.user_key
  from {{ moments }} as moments
  cross join (select min(since_as_of) as since_as_of, min(as_of) as as_of from {{ ref('change_window') }}) as since
  where moments.{{ moment }} >= since.since_as_of - {{ n_days(length) }}
    and moments.{{ moment }} < since.as_of - {{ n_days(length) }}
  {%- endfor -%}
  {%- endfor %}
  {%- else -%}
  select user_key from {{ ref('accounts') }}
  {%- endif %}
{%- endmacro %}

{% macro take_away_changed_journeys() -%}
  {#- In the transaction that writes them anew; all of them where everything is built. -#}
  {% if is_incremental() -%}
  delete from {{ this }}
  {%- if is_by_account() %}
  where user_key in ({{ accounts_to_build() }})
  {%- endif %}
  {%- endif %}
{%- endmacro %}
