import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAdapter } from '../../src/adapter/index.js';
import type { Adapter } from '../../src/types/index.js';
import { createQuietServer, createTestDatabase, type TestDatabase, type TestServer } from '../support/database.js';
import { openProjectFolder, variables, type ProjectFolder } from './program.js';

const salt = 'a-salt-that-must-never-be-seen';

const files = {
  'chemflow.yml': `name: shop
version: '1.0'
targets:
  prod: { schema: public, threads: 2 }
warehouse: { env: { default: WAREHOUSE_DB } }
connections:
  till: { env: { default: TILL_DB } }
hash_salt: required
`,
  'sources.yml': `version: 2
sources:
  - name: till
    connection: till
    schema: staging
    tables:
      - name: sales
        extract: { key: [id], cursor: updated_at }
      - name: refunds
        extract: { key: [id], cursor: updated_at }
`,
  'models/sales.sql': `{{ config(materialized='table') }}
select id, amount, encode(sha256(convert_to(current_setting('chemflow.hash_salt') || ':' || buyer, 'UTF8')), 'hex') as buyer_hash
from {{ source('till', 'sales') }}
`,
  'models/totals.sql': `{{ config(materialized='materialized_view') }}\nselect count(*) as sales, sum(amount) as amount from {{ ref('sales') }}\n`,
  'models/refunded.sql': `select count(*) as refunds from {{ source('till', 'refunds') }}\n`,
  'models/models.yml': `version: 2
models:
  - name: sales
    columns:
      - name: id
        data_tests: [unique, not_null]
`,
};

describe('a whole run', () => {
  let server: TestServer;
  let till: TestDatabase;
  let warehouse: TestDatabase;
  let source: Adapter;
  let analytics: Adapter;
  let project: ProjectFolder;

  const sql = async (adapter: Adapter, text: string): Promise<readonly (readonly (string | null)[])[]> =>
    (await adapter.withSession((session) => session.query(text))).rows;

  beforeAll(async () => {
    server = await createQuietServer();
    [till, warehouse] = await Promise.all([createTestDatabase({ server }), createTestDatabase()]);
    source = createAdapter(till.settings, { poolSize: 2 });
    analytics = createAdapter(warehouse.settings, { poolSize: 2 });
    await sql(
      source,
      `create table sales (id bigint primary key, buyer text, amount numeric(12,2), created_at timestamptz default now(), updated_at timestamptz default now());
       create table refunds (like sales including all);
       insert into sales select i, 'buyer ' || i, i from generate_series(1, 100) i`,
    );
    project = openProjectFolder(files, {
      ...variables('TILL_DB', till.settings),
      ...variables('WAREHOUSE_DB', warehouse.settings),
      CHEMFLOW_HASH_SALT: salt,
    });
  });

  afterAll(async () => {
    project.remove();
    await Promise.all([source.close(), analytics.close()]);
    await Promise.all([till.drop(), warehouse.drop()]);
    await server.stop();
  });

  it('names what has never been built, before anything is done', async () => {
    const ended = await project.call(['run', '--select', 'totals']);
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain('RUN.PARENT_NOT_BUILT');
    expect(ended.stderr).toContain('chemflow run --select +totals');
  });

  it('copies the sources and builds the models in order', async () => {
    const ended = await project.call(['run']);
    expect(ended.stderr).toContain('Done in');
    expect(ended.exitCode).toBe(0);
    expect(await sql(analytics, 'select sales, amount from public.totals')).toEqual([['100', '5050.00']]);
    const results = JSON.parse(readFileSync(join(project.folder, 'target/run_results.json'), 'utf8')) as {
      readonly results: readonly { readonly unique_id: string; readonly status: string }[];
    };
    expect(results.results.map((result) => result.status)).toEqual(['success', 'success', 'success']);
    expect(existsSync(join(project.folder, 'target/manifest.json'))).toBe(true);
  });

  it('reads only what changed the next time, late commits too', async () => {
    await sql(source, `update sales set amount = 1000 where id = 1; delete from sales where id = 2`);
    const ended = await project.call(['run', '--incremental']);
    expect(ended.exitCode).toBe(0);
    expect(ended.stderr).toMatch(/staging\.till_sales .*COPY 1 rows.*1 gone at the source/);
    expect(
      await sql(analytics, `select count(*)::text from staging.till_sales where _source_deleted_at is not null`),
    ).toEqual([['1']]);
  });

  it('checks every connection in debug, whatever is wrong with the warehouse', async () => {
    const ended = await project.call(['debug'], { env: { WAREHOUSE_DB_PASSWORD: 'wr0ng-secret' } });
    expect(ended.exitCode).toBe(1);
    expect(ended.stdout).toMatch(/warehouse +FAILED/);
    expect(ended.stdout).toMatch(/till +ok/);
    expect(ended.stderr).toContain('CONNECT.PASSWORD');
    expect(ended.stdout + ended.stderr).not.toContain('wr0ng-secret');
  });

  it('shows the runs in its history, and nothing secret in artifacts, logs or state', async () => {
    const ended = await project.call(['history']);
    expect(ended.stdout).toContain('run --incremental');
    const artifacts = readdirSync(join(project.folder, 'target'), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(json|sql|log)$/.test(name))
      .map((name) => readFileSync(join(project.folder, 'target', name), 'utf8'));
    expect(artifacts.length).toBeGreaterThan(4);
    const state = await sql(
      analytics,
      `select to_jsonb(r)::text from chemflow.runs r union all select to_jsonb(n)::text from chemflow.node_results n`,
    );
    const everything = [...artifacts, ...state.map(([text]) => text ?? ''), ended.stdout, ended.stderr].join('\n');
    expect(everything).not.toContain(salt);
    if (till.settings.password !== undefined && till.settings.password.length > 3)
      expect(everything).not.toContain(till.settings.password);
  });

  it('tests what it built', async () => {
    const ended = await project.call(['test']);
    expect(ended.exitCode).toBe(0);
    expect(ended.stderr).toContain('2 pass');
  });

  it('skips what stands on a table that vanished at the source, and builds the rest', async () => {
    await sql(source, 'alter table refunds rename to refunds_gone');
    try {
      const ended = await project.call(['run']);
      expect(ended.exitCode).toBe(1);
      expect(ended.stderr).toContain('EXTRACT.');
      expect(ended.stderr).toMatch(/refunded .*SKIP/);
      expect(ended.stderr).toMatch(/totals .*OK/);
    } finally {
      await sql(source, 'alter table refunds_gone rename to refunds');
    }
  });

  it('shows a failing model at its line, skips what depends on it, and keeps what was there', async () => {
    project.write({ 'models/sales.sql': `select id, amount,\n  amuont as typo\nfrom {{ source('till', 'sales') }}\n` });
    const ended = await project.call(['run']);
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain('SQL.42703');
    expect(ended.stderr).toContain('models/sales.sql:2:3');
    expect(ended.stderr).toMatch(/totals .*SKIP/);
    expect(await sql(analytics, 'select sales from public.totals')).toEqual([['100']]);
    project.write({ 'models/sales.sql': files['models/sales.sql'] });
  });

  it('tells all errors of a project at once, each at its place', async () => {
    project.write({
      'models/wrong.sql': `select * from {{ ref('salse') }}\n`,
      'models/broken.sql': `select {{ 1 + }}\n`,
      'chemflow.yml': `${files['chemflow.yml']}\nmodelpaths: [models]\n`,
    });
    const ended = await project.call(['parse']);
    project.write({ 'chemflow.yml': files['chemflow.yml'] });
    expect(ended.stderr).toContain('CONFIG.UNKNOWN_KEY: "modelpaths" is no key of chemflow.yml');
    expect(ended.stderr).toContain('did you mean "model-paths"?');
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain('models/wrong.sql:1:');
    expect(ended.stderr).toContain('did you mean "sales"?');
    expect(ended.stderr).toContain('models/broken.sql:1:');
    const { rmSync } = await import('node:fs');
    rmSync(join(project.folder, 'models/wrong.sql'));
    rmSync(join(project.folder, 'models/broken.sql'));
  });

  it('lets one run at a time on a database, and names the holder', async () => {
    const holder = await analytics.open('holder');
    await holder.query(`select pg_advisory_lock(1667786093, 1718382455)`);
    try {
      const ended = await project.call(['run']);
      expect(ended.exitCode).toBe(2);
      expect(ended.stderr).toContain('STATE.LOCKED');
    } finally {
      await holder.close();
    }
  });

  it('cancels on the server at an interruption, keeps the old relations and exits with 130', async () => {
    project.write({
      'models/sales.sql': `{{ config(materialized='table') }}\nselect id, amount, pg_sleep(20)::text as buyer_hash from {{ source('till', 'sales') }}\n`,
    });
    const abort = new AbortController();
    const running = project.call(['run', '--select', 'sales'], { signal: abort.signal });
    const isAsleep = async (): Promise<boolean> =>
      (
        await sql(
          analytics,
          `select 1 from pg_stat_activity where query like '%pg_sleep(20)%' and state = 'active' and pid <> pg_backend_pid()`,
        )
      ).length > 0;
    while (!(await isAsleep())) await new Promise((resolve) => setTimeout(resolve, 50));
    abort.abort();
    const ended = await running;
    expect(ended.exitCode).toBe(130);
    expect(await isAsleep()).toBe(false);
    expect(await sql(analytics, 'select count(*)::text from public.sales')).toEqual([['100']]);
    const leftovers = await sql(analytics, `select relname from pg_class where relname like '%chemflow%build%'`);
    expect(leftovers).toEqual([]);
    project.write({ 'models/sales.sql': files['models/sales.sql'] });
  });

  it('compiles, shows and lists', async () => {
    const compiled = await project.call(['compile', '--select', 'totals']);
    expect(compiled.stdout).toContain('from "');
    const shown = await project.call([
      'show',
      '--inline',
      `select amount from {{ ref('sales') }} where id = 3`,
      '--output',
      'json',
    ]);
    expect(JSON.parse(shown.stdout)).toEqual({ node: 'inline_query', show: [{ amount: '3.00' }] });
    const listed = await project.call(['ls', '--select', '+totals', '--resource-type', 'model', 'source']);
    expect(listed.stdout.trim().split('\n')).toEqual(['source:shop.till.sales', 'shop.sales', 'shop.totals']);
  });

  it('writes one JSON object a line on request', async () => {
    const ended = await project.call(['run', '--log-format', 'json']);
    const lines = ended.stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly info: { readonly name: string } });
    expect(lines.map((line) => line.info.name)).toContain('LogNodeResult');
  });

  it('refuses a wrong password in words that do not repeat it', async () => {
    const ended = await project.call(['run'], { env: { TILL_DB_PASSWORD: 'a-wrong-password' } });
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain('CONNECT.');
    expect(ended.stderr).not.toContain('a-wrong-password');
  });

  it('names every missing variable, and never falls back to another database', async () => {
    const ended = await project.call(['run'], { env: { TILL_DB_HOST: '', TILL_DB_NAME: ' ' } });
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain('CONFIG.MISSING_ENV');
    expect(ended.stderr).toContain('TILL_DB_HOST');
    expect(ended.stderr).toContain('TILL_DB_NAME');
    const unknown = await project.call(['run'], { env: { DATA_ENV: 'staging' } });
    expect(unknown.exitCode).toBe(2);
    expect(unknown.stderr).toContain('DATA_ENV');
  });
});
