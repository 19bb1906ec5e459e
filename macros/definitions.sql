{# The warehouse's definitions, each in one place: docs/SCHEMA_DESIGN.md explains them. #}

{% macro activity_types() -%}
  {#- The seven types that make somebody active; profile_update is recorded beside them. -#}
  {{ return(['post', 'comment', 'group_join', 'vote', 'collection', 'collection_add', 'view']) }}
{%- endmacro %}

{% macro is_activating(activity_type) -%}
  {{ activity_type }} in ('post', 'comment', 'vote', 'collection')
{%- endmacro %}

{% macro is_social(activity_type) -%}
  {{ activity_type }} in ('post', 'comment')
{%- endmacro %}

{% macro has_headline(person) -%}
  coalesce(char_length({{ blank_to_null(person ~ '.headline_description') }}) > 10, false)
{%- endmacro %}

{% macro person_columns_score(person) -%}
  {#- The part of the completion score that the person's own columns give: 65 of 100. -#}
  (
    case when {{ blank_to_null(person ~ '.first_name') }} is not null then 10 else 0 end
    + case when {{ blank_to_null(person ~ '.last_name') }} is not null then 10 else 0 end
    + case when {{ blank_to_null(person ~ '.email') }} is not null then 10 else 0 end
    + case when {{ has_headline(person) }} then 15 else 0 end
    + case when {{ blank_to_null(person ~ '.linked_in_url') }} is not null then 10 else 0 end
    + case when {{ person }}.location_id is not null then 10 else 0 end
  )
{%- endmacro %}

{% macro experience_score() -%} 20 {%- endmacro %}

{% macro education_score() -%} 15 {%- endmacro %}

{% macro engagement_score(posts, comments, votes, collections) -%}
  ({{ posts }} * 3 + {{ comments }} * 2 + {{ votes }} + {{ collections }} * 5)
{%- endmacro %}

{% macro engagement_level(score, activating, activities) -%}
  {#- `activating`: how many posts, comments, votes and collections; `activities`: how many of all seven types. -#}
  case
    when {{ score }} >= 50 then 'POWER_USER'
    when {{ score }} >= 20 then 'ACTIVE'
    when {{ activating }} > 0 then 'CASUAL'
    when {{ activities }} > 0 then 'LURKER'
    else 'INACTIVE'
  end
{%- endmacro %}

{% macro percentage(part, whole) -%}
  ({{ part }} * 100.0 / nullif({{ whole }}, 0))::numeric(12, 2)
{%- endmacro %}

{% macro ratio(part, whole) -%}
  ({{ part }}::numeric / nullif({{ whole }}, 0))::numeric(12, 2)
{%- endmacro %}

{% macro percentage_when(condition, part, whole) -%}
  {#- For what is only known when something is over; a case around the percentage would lose its type's digits. -#}
  {{ percentage(part, 'case when ' ~ condition ~ ' then ' ~ whole ~ ' end') }}
{%- endmacro %}
