{% macro grant_reading_roles() -%}
  {#- SQL for the end of a run: each role of vars.reading_roles reads the schemas that it lists, also what later runs put there, and no other. A role that
      is not there is created where the user may; otherwise a warning has the SQL to type. Only prod's schemas are granted. -#}
  {%- set roles = var('reading_roles', none) or {} -%}
  {%- if execute and target.name == 'prod' and roles -%}
do $roles$
declare
  wanted record;
begin
  for wanted in
    select listed.role, listed.schema
    from (
      {%- for role, schemas in roles.items() -%}
      {%- set is_last_role = loop.last -%}
      {%- for schema in schemas %}
      select '{{ role }}'::text as role, '{{ schema }}'::text as schema {{ '' if is_last_role and loop.last else 'union all' }}
      {%- endfor -%}
      {%- endfor %}
    ) as listed
    join pg_namespace as present on present.nspname = listed.schema
  loop
    if not exists (select from pg_roles where rolname = wanted.role) then
      begin
        execute format('create role %I nologin', wanted.role);
      exception
        when duplicate_object or unique_violation then null;
        when insufficient_privilege then
          raise warning 'The role % is not there, and % may not create it. As an administrator: CREATE ROLE % NOLOGIN;',
            wanted.role, current_user, quote_ident(wanted.role);
          continue;
      end;
    end if;
    execute format('grant usage on schema %I to %I', wanted.schema, wanted.role);
    execute format('grant select on all tables in schema %I to %I', wanted.schema, wanted.role);
    execute format('alter default privileges in schema %I grant select on tables to %I', wanted.schema, wanted.role);
  end loop;
end
$roles$
  {%- endif %}
{%- endmacro %}
