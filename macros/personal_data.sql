{#
  What the data test no_personal_data_beyond_staging is made of. Everything is read from the project's own graph and from the catalogue when the test
  runs, so that a new source column with meta.pii, and a new table, are searched for and searched without a line here.
#}

{% macro normal_text(expression) -%}
  {#- Case, commas and white space make no other value: `Doe,  Jane` is `doe jane`. Without regular expressions, which would cost most of the test. -#}
  btrim(replace(replace(translate(lower({{ expression }}), E',\t\r\n', '    '), '  ', ' '), '  ', ' '))
{%- endmacro %}

{% macro normal_phone(expression) -%}
  {#- The digits, without the zeros in front of a country's or a city's number; null for fewer than seven, which are no telephone number. -#}
  substring(ltrim(regexp_replace({{ expression }}, '\D', '', 'g'), '0') from '^.{7,}$')
{%- endmacro %}

{% macro columns_with_meta(key) -%}
  {#- Relations with columns that carry the key in their meta: [relation, {column: value}], of the sources and of what is built. -#}
  {%- set found = [] -%}
  {%- for resource in graph.sources.values() | list + graph.nodes.values() | list
      if resource.resource_type in ['source', 'snapshot', 'seed', 'model'] -%}
    {%- set columns = {} -%}
    {%- for column in resource.columns.values() if column.meta.get(key) -%}
      {%- do columns.update({column.name: column.meta[key]}) -%}
    {%- endfor -%}
    {%- if columns -%}
      {%- set name = resource.identifier if resource.resource_type == 'source' else resource.alias -%}
      {%- set relation = adapter.get_relation(database=target.dbname, schema=resource.schema, identifier=name) -%}
      {%- if relation is not none -%}
        {%- set present = adapter.get_columns_in_relation(relation) | map(attribute='name') | list -%}
        {%- set held = {} -%}
        {%- for column, value in columns.items() if column in present -%}
          {%- do held.update({column: value}) -%}
        {%- endfor -%}
        {%- do found.append([relation, held]) -%}
      {%- endif -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(found) }}
{%- endmacro %}

{% macro personal_values() -%}
  {#- A query of (kind, value): every e-mail, telephone number, address and full name that a personal column of staging holds, as normal_text or
      normal_phone write it, and texts and identifiers of a length that is no accident. -#}
  {%- set queries = [] -%}
  {%- for relation, columns in columns_with_meta('pii') -%}
    {%- set names = [] -%}
    {%- set values = [] -%}
    {%- for column, kind in columns.items() -%}
      {%- set text = 't.' ~ adapter.quote(column) ~ '::text' -%}
      {%- if kind == 'name' -%}
        {%- do names.append(normal_text(text)) -%}
        {%- do values.append("('full name', case when position(' ' in " ~ normal_text(text) ~ ") > 0 then " ~ normal_text(text) ~ " end)") -%}
      {%- elif kind == 'phone' -%}
        {%- do values.append("('phone', " ~ normal_phone(text) ~ ")") -%}
      {%- elif kind == 'email' -%}
        {%- do values.append("('email', " ~ normal_text(text) ~ ")") -%}
      {%- elif kind in ['url', 'account_id'] -%}
        {%- do values.append("('" ~ kind ~ "', case when length(" ~ text ~ ") >= 8 then " ~ normal_text(text) ~ " end)") -%}
      {%- elif kind == 'free_text' -%}
        {%- do values.append("('free_text', case when length(" ~ text ~ ") >= 20 then " ~ normal_text(text) ~ " end)") -%}
      {%- endif -%}
    {%- endfor -%}
    {#- A full name is any two of a person's names, either way around. -#}
    {%- for first in names -%}
      {%- for second in names if second != first -%}
        {%- do values.append("('full name', nullif(" ~ first ~ ", '') || ' ' || nullif(" ~ second ~ ", ''))") -%}
      {%- endfor -%}
    {%- endfor -%}
    {%- if values -%}
      {%- do queries.append(
        'select distinct v.kind, v.value from ' ~ relation ~ ' as t cross join lateral (values ' ~ values | join(', ')
        ~ ") as v (kind, value) where v.value <> ''"
      ) -%}
    {%- endif -%}
  {%- endfor -%}
  {{ queries | join('\n  union\n  ') if queries else "select null::text as kind, null::text as value where false" }}
{%- endmacro %}

{% macro public_values() -%}
  {#- A query of what the columns with meta.public in sources.yml hold: names of dimensions and countries, which may equal anything. -#}
  {%- set queries = [] -%}
  {%- for relation, columns in columns_with_meta('public') -%}
    {%- for column in columns -%}
      {%- do queries.append('select ' ~ normal_text(adapter.quote(column) ~ '::text') ~ ' as value from ' ~ relation) -%}
    {%- endfor -%}
  {%- endfor -%}
  {{ queries | join('\n  union\n  ') if queries else 'select null::text as value where false' }}
{%- endmacro %}

{% macro text_cells(schemas) -%}
  {#- A query of (relation, column_name, cell): the distinct texts of every table, view and materialized view of the schemas; a list's items and a
      JSON document's strings and keys are cells of their own. -#}
  {%- set listed = [] -%}
  {%- for schema in schemas -%}{%- do listed.append("'" ~ schema ~ "'") -%}{%- endfor -%}
  {%- set columns = run_query(
    "select n.nspname, c.relname, a.attname, t.typname, t.typcategory
     from pg_attribute as a
     join pg_class as c on c.oid = a.attrelid and c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
     join pg_namespace as n on n.oid = c.relnamespace
     join pg_type as t on t.oid = a.atttypid
     where n.nspname in (" ~ listed | join(', ') ~ ") and a.attnum > 0 and not a.attisdropped
       and (t.typcategory in ('S', 'E', 'A') or t.typname in ('json', 'jsonb', 'xml', 'hstore') or t.typtype = 'c')
     order by 1, 2, a.attnum"
  ) -%}
  {%- set queries = [] -%}
  {%- for schema, relation, column, type, category in columns.rows -%}
    {%- set name = 't.' ~ adapter.quote(column) -%}
    {%- if category == 'A' -%}
      {%- set cell = 'unnest(' ~ name ~ ')::text' -%}
    {%- elif type in ['json', 'jsonb'] -%}
      {%- set cell = "jsonb_path_query(" ~ name ~ "::jsonb, 'strict $.** ? (@.type() == \"string\" || @.type() == \"object\")')" -%}
      {%- set cell = "unnest(array(select jsonb_object_keys(e) from " ~ cell ~ " as e where jsonb_typeof(e) = 'object' union all select e #>> '{}' from " ~ cell ~ " as e where jsonb_typeof(e) = 'string'))" -%}
    {%- else -%}
      {%- set cell = name ~ '::text' -%}
    {%- endif -%}
    {%- do queries.append(
      "select distinct '" ~ schema ~ '.' ~ relation ~ "' as relation, '" ~ column ~ "' as column_name, " ~ cell ~ ' as cell from '
      ~ adapter.quote(schema) ~ '.' ~ adapter.quote(relation) ~ ' as t'
    ) -%}
  {%- endfor -%}
  {{ queries | join('\n  union all\n  ') if queries else 'select null::text as relation, null::text as column_name, null::text as cell where false' }}
{%- endmacro %}

{% macro looks_personal(expression) -%}
  {#- The kind of what a text holds that is an e-mail address, an address of the web or a telephone number, else null. A date and a hash in hexadecimal are
      none: their digits have neighbours that no telephone number has. A uuid may look like one, so that what does is looked at again without its uuids. -#}
  {%- set without_uuids = "regexp_replace(" ~ expression ~ ", '[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}', '', 'gi')" -%}
  case
    when position('@' in {{ expression }}) > 0 and {{ expression }} ~* '[[:alnum:]._%+-]+@[[:alnum:]-]+\.[[:alnum:].-]+' then 'an e-mail address'
    when {{ expression }} ~* '(https?|ftp)://|\mwww\.[[:alnum:]]|\mlinkedin\.com/' then 'an address of the web'
    when {{ looks_like_a_telephone_number(expression) }} and {{ looks_like_a_telephone_number(without_uuids) }} then 'a telephone number'
  end
{%- endmacro %}

{% macro looks_like_a_telephone_number(text) -%}
  (
    {{ text }} ~ '(^|[^[:alnum:].+-])(\+|00)[1-9]([ ()./-]*\d){7,14}($|[^[:alnum:]])'
    or {{ text }} ~ '(^|[^[:alnum:].+-])(0[1-9]\d{1,4}[ /-]\d{4,}|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4})($|[^[:alnum:]-])'
  )
{%- endmacro %}
