{% macro trimmed(expression) -%}
  {#- Unicode's white space, spelt out: what \s matches depends on the database's locale. -#}
  btrim(
    {{ expression }},
    U&'\0009\000A\000B\000C\000D\0020\0085\00A0\1680\2000\2001\2002\2003\2004\2005\2006\2007\2008\2009\200A\2028\2029\202F\205F\3000'
  )
{%- endmacro %}

{% macro blank_to_null(expression) -%}
  case when {{ trimmed(expression) }} <> '' then {{ expression }} end
{%- endmacro %}

{% macro keyed_hash(expression) -%}
  {#- The salt is a setting of the session, so that it is in no compiled file; current_setting fails where it is not set, and an empty one gives no hash. -#}
  encode(
    sha256(convert_to(nullif(current_setting('chemflow.hash_salt'), '') || ':' || ({{ expression }})::text, 'UTF8')),
    'hex'
  )
{%- endmacro %}

{% macro email_domain(expression) -%}
  {#- What has no @ has no domain (and would be a name). -#}
  {{ blank_to_null("lower(substring(" ~ expression ~ " from '@([^@]*)$'))") }}
{%- endmacro %}
