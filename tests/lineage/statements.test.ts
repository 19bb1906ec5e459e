import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.js';
import { openProjectFolder, variables, type Ended, type ProjectFolder } from '../commands/program.js';

const keyedHash = `encode(sha256(convert_to(nullif(current_setting('chemflow.hash_salt'), '') || ':' || ($1)::text, 'UTF8')), 'hex')`;

const yml = (more = '', privacy = ''): string => `name: shop
version: '1.0'
targets:
  prod: { schema: public, threads: 2 }
warehouse: { env: { default: WAREHOUSE_DB } }
hash_salt: required
privacy:
  allowed_in: [staging]
  ${privacy}
  declassifiers:
    - { name: keyed_hash, reason: no salt no name, expression: "${keyedHash}" }
models:
  shop:
    staging: { +schema: staging, +materialized: table }
    core: { +schema: core, +materialized: table }
${more}`;

const files = {
  'chemflow.yml': yml(),
  'macros/names.sql': `{% macro generate_schema_name(name, node) %}{{ target.schema if name is none else name }}{% endmacro %}`,
  'sources.yml': `version: 2
sources:
  - name: till
    schema: raw
    tables:
      - name: buyers
        columns: [{ name: id, meta: { pii: none } }, { name: email, meta: { pii: email } }]
`,
  'models/staging/people.sql': `select id, email from {{ source('till', 'buyers') }}\n`,
  'models/staging/plain.sql': `select id from {{ source('till', 'buyers') }}\n`,
  'models/core/users.sql': `select id from {{ ref('people') }}\n`,
};

const people = 'staging.people';

describe('statements beside the models', () => {
  let warehouse: TestDatabase;
  let shop: ProjectFolder;
  const sql = (text: string): Promise<Record<string, unknown>[]> => queryOnce(warehouse.settings, text);
  const withHook = async (hook: string, more = ''): Promise<Ended> => {
    shop.write({
      ...files,
      'models/core/users.sql': `{{ config(post_hook=${JSON.stringify(hook)}${more}) }}\n${files['models/core/users.sql']}`,
    });
    return shop.call(['run']);
  };

  beforeAll(async () => {
    warehouse = await createTestDatabase();
    await sql(`create schema raw; create table raw.buyers (id int, email text); insert into raw.buyers values (1, 'ann@example.com');
      create schema core; create table core.log (id int, what text); create schema staging; create table staging.log (id int primary key, what text);
      create function public.beep(text) returns void language sql as 'select'`);
    shop = openProjectFolder(files, {
      ...variables('WAREHOUSE_DB', warehouse.settings),
      CHEMFLOW_HASH_SALT: 'pepper-and-salt',
    });
  });
  afterAll(async () => {
    shop.remove();
    await warehouse.drop();
  });

  it.each([
    ['an INSERT', `insert into core.log (id, what) select id, email from ${people}`, 'email into core.log.what'],
    ['an INSERT without columns', `insert into core.log select id, email from ${people}`, 'email into core.log.*'],
    [
      'an INSERT after a WITH',
      `with p as (select id, email as e from ${people}) insert into core.log (id, what) select id, e from p`,
      'email into core.log.what',
    ],
    [
      'an INSERT that meets a row',
      `insert into core.log (id, what) select id, 'x' from ${people} on conflict (id) do update set what = (select max(email) from ${people})`,
      'email into core.log.what',
    ],
    ['CREATE TABLE AS', `create table core.leak as select * from ${people}`, 'email into core.leak.email'],
    ['SELECT INTO', `select email as e into core.leak from ${people}`, 'email into core.leak.e'],
    [
      'a view',
      `create or replace view core.leak as select lower(email) as mail from ${people}`,
      'email into core.leak.mail',
    ],
    [
      'a materialized view',
      `create materialized view core.leak as select email from ${people}`,
      'email into core.leak.email',
    ],
    ['an UPDATE', `update core.users set id = length(p.email) from ${people} as p`, 'email into core.users.id'],
    [
      'a MERGE',
      `merge into core.users as u using ${people} as p on u.id = p.id when matched then update set id = ascii(p.email)`,
      'email into core.users.id',
    ],
    ['COPY of a query', `copy (select email from ${people}) to stdout`, 'email out of the database'],
    ['COPY of a table', `copy ${people} to program 'cat'`, 'email out of the database'],
    [
      'a staging table of which models know nothing',
      `insert into staging.plain (id) select length(email) from ${people}`,
      'email into staging.plain.id',
    ],
    [
      'a DO block',
      `do $$ begin insert into core.log (what) select email from ${people}; end $$`,
      'email into core.log.what',
    ],
    [
      'the salt',
      `insert into staging.log (id, what) values (1, current_setting('chemflow.hash_salt'))`,
      'secret into staging.log.what',
    ],
    [
      'the second of two statements',
      `select 1; create table core.leak as select email from ${people}`,
      'email into core.leak.email',
    ],
  ])('%s that carries personal data out is refused, with the way', async (_, hook, what) => {
    const ended = await withHook(hook);
    expect(ended.exitCode).toBe(1);
    const text = ended.stdout + ended.stderr;
    expect(text).toContain('PRIVACY.PERSONAL_DATA');
    expect(text).toContain(`The post-hook of core.users carries ${what}`);
    if (!what.startsWith('secret'))
      expect(text).toMatch(/source till\.buyers\.email \(sources\.yml:7\) -> staging\.people\.email/);
    expect(await sql(`select to_regclass('core.leak') as leak, (select count(*)::int from core.log) as rows`)).toEqual([
      { leak: null, rows: 0 },
    ]);
  });

  it.each([
    ['a procedure', 'call core.send()'],
    ['a function that nobody knows', `select public.beep(email) from ${people}`],
    ['a function in a DELETE', `delete from core.log where public.beep(what) is not null`],
    [
      'a changing WITH',
      `with gone as (delete from core.log returning what) insert into staging.log (what) select what from gone`,
    ],
    [
      'a WITH that writes before a DELETE',
      `with w as (insert into core.log (what) select email from ${people} returning 1) delete from core.log`,
    ],
    ['what COPY brings', `copy core.log from '/tmp/nothing'`],
    ['a trigger', 'create trigger t after insert on core.log execute function core.f()'],
    ['a partition', `alter table core.log attach partition ${people} default`],
    ['a table that nobody knows', 'insert into core.log (what) select what from staging.log'],
    [
      'EXECUTE of what is put together',
      `do $$ begin execute 'insert into core.log (what) select email from ' || 'staging.people'; end $$`,
    ],
    [
      'EXECUTE of a value',
      `do $$ declare e text; begin select email into e from ${people}; execute format('insert into core.log (what) values (%L)', e); end $$`,
    ],
    [
      'EXECUTE that moves data',
      `do $$ begin execute format('create table %I as select email from staging.people', 'leak'); end $$`,
    ],
    [
      'a variable',
      `do $$ declare e text; begin select email into e from ${people}; insert into core.log (what) values (e); end $$`,
    ],
    ['a default that is the salt', `create table core.leak (salt text default current_setting('chemflow.hash_salt'))`],
    ['a block in another language', `do language plperl $$ 1 $$`],
    ['no SQL', 'insert in to'],
  ])('%s cannot be followed and is refused, unless the model says so', async (_, hook) => {
    const ended = await withHook(hook);
    expect(ended.exitCode).toBe(1);
    expect(ended.stdout + ended.stderr).toContain('LINEAGE.UNTRACEABLE');
    expect(ended.stdout + ended.stderr).toContain('Where the post-hook of core.users carries data cannot be told');
    expect(ended.stdout + ended.stderr).toContain('meta: { hooks: declared }');
    expect(await sql(`select to_regclass('core.leak') as leak, (select count(*)::int from core.log) as rows`)).toEqual([
      { leak: null, rows: 0 },
    ]);
  });

  it.each([
    `grant usage on schema core to public; comment on table core.users is 'x'; analyze core.users; create index on core.users (id)`,
    `delete from core.log where id not in (select id from ${people})`,
    `insert into core.log (id, what) select 7, ${keyedHash.replace('$1', 'email')} from ${people}; delete from core.log`,
    `insert into staging.log (id, what) select id, email from ${people} on conflict (id) do update set what = excluded.what`,
    `create table if not exists staging.marks (n int primary key); insert into staging.marks values (1), (default) on conflict do nothing`,
    `update ${people} set email = lower(email)`,
    `do $$ declare s record; begin for s in select nspname from pg_namespace where nspname = 'core' loop if not exists (select from pg_roles where rolname = s.nspname) then raise notice '%', s.nspname; end if; execute format('grant usage on schema %I to public', s.nspname); end loop; end $$`,
    `select count(*) from core.users`,
  ])('what carries none is sent: %s', async (hook) => {
    await sql('alter table staging.log alter id set default 1; drop table if exists staging.marks');
    const ended = await withHook(hook.replace('(1), (default)', '(1), (2)'));
    expect([ended.exitCode, ended.stderr]).toEqual([0, expect.any(String)]);
  });

  it('takes the word of a model that declares its hooks', async () => {
    const ended = await withHook('select public.beep(email) from staging.people', `, meta={'hooks': 'declared'}`);
    expect(ended.exitCode).toBe(0);
  });

  it('looks at pre-hooks in and before the transaction, and at what they are when they are sent', async () => {
    const leak = `create table core.leak as select email from {{ ref('people') }}`;
    for (const hook of [JSON.stringify(leak), `{'sql': ${JSON.stringify(leak)}, 'transaction': false}`]) {
      shop.write({
        ...files,
        'models/core/users.sql': `{{ config(pre_hook=${hook}) }}\n${files['models/core/users.sql']}`,
      });
      const ended = await shop.call(['run']);
      expect(ended.stdout + ended.stderr).toContain('The pre-hook of core.users carries email into core.leak.email');
      expect(await sql(`select to_regclass('core.leak') as leak`)).toEqual([{ leak: null }]);
    }
  });

  it.each(['on-run-start', 'on-run-end'])('looks at %s, also where only tests are run', async (when) => {
    const leak = `create table core.leak as select email from {{ ref('people') }}`;
    shop.write({
      ...files,
      'chemflow.yml': yml(`${when}: "${leak}"\n`),
      'models/core/users.yml': 'version: 2\nmodels: [{ name: users, columns: [{ name: id, data_tests: [unique] }] }]\n',
    });
    for (const command of ['run', 'test']) {
      const ended = await shop.call([command]);
      expect(ended.exitCode).toBe(1);
      expect(ended.stdout + ended.stderr).toContain(`The ${when} of shop carries email into core.leak.email`);
      expect(await sql(`select to_regclass('core.leak') as leak`)).toEqual([{ leak: null }]);
    }
    shop.write({ 'chemflow.yml': yml(`${when}: "select public.beep('x')"\n`) });
    expect((await shop.call(['test'])).stderr).toContain('privacy: { operations: declared }');
    shop.write({ 'chemflow.yml': yml(`${when}: "select public.beep('x')"\n`, 'operations: declared') });
    expect((await shop.call(['test'])).exitCode).toBe(0);
    shop.write({ ...files, 'models/core/users.yml': 'version: 2\n' });
  });

  it('refuses a materialization in Jinja unless the model declares its columns', async () => {
    shop.write({
      ...files,
      'macros/copied.sql': `{% materialization copied, default %}
{% call statement('main') %}create table {{ this }} as {{ sql }}{% endcall %}
{{ return({'relations': [this]}) }}{% endmaterialization %}`,
      'models/core/copies.sql': `{{ config(materialized='copied') }}\nselect id from {{ ref('people') }}\n`,
    });
    const refused = await shop.call(['run']);
    expect(refused.stderr).toContain('LINEAGE.UNTRACEABLE');
    expect(refused.stderr).toContain('copies is built by a materialization written in Jinja (copied)');
    shop.write({
      'models/core/copies.yml':
        'version: 2\nmodels: [{ name: copies, meta: { lineage: declared }, columns: [{ name: id, meta: { pii: none } }] }]\n',
    });
    expect((await shop.call(['run'])).exitCode).toBe(0);
    shop.write({
      'macros/copied.sql': '',
      'models/core/copies.sql': 'select 1 as id',
      'models/core/copies.yml': 'version: 2\n',
    });
  });

  it('keeps failing rows of tests only where they hold nothing personal, or may', async () => {
    await sql(`drop schema if exists dbt_test__audit cascade; insert into raw.buyers values (1, 'ann@example.com')`);
    const test = (column: string, more = ''): string =>
      `{ name: ${column}, data_tests: [{ unique: { config: { store_failures: true${more} } } }] }`;
    const call = async (...columns: readonly string[]): Promise<Ended> => {
      shop.write({
        ...files,
        'models/staging/people.yml': `version: 2\nmodels: [{ name: people, columns: [${columns.join(', ')}] }]\n`,
      });
      await shop.call(['run']);
      return shop.call(['test']);
    };
    const stored = async (): Promise<unknown> =>
      (
        await sql(
          `select nspname || '.' || relname as name from pg_class join pg_namespace n on n.oid = relnamespace where relname like 'unique_people_%' order by 1`,
        )
      ).map(({ name }) => name);
    const ended = await call(test('id'), test('email'));
    expect(ended.exitCode).toBe(1);
    expect(ended.stdout + ended.stderr).toContain(
      'The failing rows of unique_people_email are not kept: they hold email.',
    );
    expect(ended.stdout + ended.stderr).toContain('Failure in test unique_people_email');
    expect(await stored()).toEqual(['dbt_test__audit.unique_people_id']);
    await call(test('email', ', schema: staging'));
    expect(await stored()).toEqual(['dbt_test__audit.unique_people_id', 'staging.unique_people_email']);
    await call(test('email', ', meta: { lineage: declared }'));
    expect(await stored()).toContain('dbt_test__audit.unique_people_email');
  });
});
