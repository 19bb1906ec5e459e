import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openProjectFolder, variables, type Ended, type ProjectFolder } from '../commands/program.js';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.js';

// A shop of two source tables, so that what is checked here is the check itself and no warehouse.
const sources = `
create schema raw;
create table raw.customers (id bigint, code uuid, segment text, vip boolean, limit_on date, created_at timestamptz, updated_at timestamptz, deleted_at timestamptz);
create table raw.orders (id bigint, customer_id bigint, amount numeric(10,2), status varchar(6), tags text[], created_at timestamptz, updated_at timestamptz, deleted_at timestamptz);
insert into raw.customers
select n, md5(n::text)::uuid, 'retail', n % 3 = 0, date '2025-01-01', t, t, case when n % 4 = 0 then t + interval '60 days' end
from generate_series(1, 40) as n, lateral (select timestamptz '2025-01-01 10:00Z' + n * interval '2 days') as at (t);
insert into raw.orders
select n, n % 40 + 1, n, 'open', '{}', t, t, null
from generate_series(1, 200) as n, lateral (select timestamptz '2025-01-02 10:00Z' + n * interval '14 hours') as at (t);`;

const model = (features: string, rest = ''): string => `
select c.id, c.created_at + interval '5 days' as observed_at, to_char(c.created_at, 'YYYY') as observed_text, ${features}
from {{ source('raw', 'customers') }} as c
left join {{ source('raw', 'orders') }} as o on o.customer_id = c.id
${rest}
group by c.id, c.created_at, c.segment, c.vip, c.deleted_at, c.code`;

const known = "o.created_at <= c.created_at + interval '5 days'";
const properties = (name: string, meta: string): string => `  - name: ${name}\n    config: { meta: ${meta} }\n`;
const meta = (features: string, labels = ''): string =>
  `{ entity: [id], observed_at: observed_at, features: [${features}], labels: [${labels}] }`;

const files: Record<string, string> = {
  'chemflow.yml':
    'name: shop\ntargets: { dev: { schema: marts, threads: 2 } }\nwarehouse: { env: ANALYTICS_DB }\nmodels: { shop: { +materialized: table } }\n',
  'sources.yml': `sources:
  - name: raw
    tables:
      - name: customers
        meta: { leakage: { key: id } }
        columns:
          - { name: code, data_tests: [unique], meta: { timeless: it is given once } }
      - name: orders
        meta: { leakage: { key: id } }
        columns:
          - { name: customer_id, meta: { timeless: who ordered is not rewritten, references: customers.id } }
      - name: rates
`,
  'models/honest.sql': model(
    `count(o.id) filter (where ${known}) as orders_5d, c.code, count(o.id) filter (where not ${known}) as orders_after`,
  ),
  'models/leaking.sql': model(
    `count(o.id) filter (where ${known}) as honest_orders, count(o.id) as orders_ever, c.segment as segment_now, c.vip as is_vip_now,
     c.deleted_at is not null as will_leave, coalesce(max(o.created_at) > c.created_at + interval '5 days', false) as will_order, count(*) filter (where o.status = 'open') > 0 as has_open`,
  ),
  'models/survivors.sql': model(`count(o.id) filter (where ${known}) as orders_5d`, 'where c.deleted_at is null'),
  'models/plain.sql': 'select 1 as one',
  'models/misspelt.sql': model(`count(o.id) filter (where ${known}) as orders_5d`),
  'models/untimed.sql': model(`count(o.id) filter (where ${known}) as orders_5d`),
  'models/repeated.sql':
    "select 1 as id, timestamptz '2025-01-01' as observed_at, n as feature from generate_series(1, 2) as n",
  'models/timeless_rates.sql':
    "select 1 as id, timestamptz '2025-01-01' as observed_at, max(rate) as rate from {{ source('raw', 'rates') }}",
  'models/half.sql': 'select 1 as id, 2 as feature',
  'models/both.sql': 'select 1 as id, 2 as feature',
  'models/models.yml':
    'models:\n' +
    properties('honest', meta('orders_5d, code', 'orders_after')) +
    properties(
      'leaking',
      meta('honest_orders, orders_ever, segment_now, is_vip_now, will_leave, will_order, has_open'),
    ) +
    properties('survivors', meta('orders_5d')) +
    properties('misspelt', meta('orders_5days')) +
    properties('untimed', '{ entity: [id], observed_at: observed_text, features: [orders_5d] }') +
    properties('repeated', meta('feature')) +
    properties('timeless_rates', meta('rate')) +
    properties('half', '{ features: [feature] }') +
    properties('both', meta('feature', 'feature')),
};

interface Told {
  readonly status: string;
  readonly message: string | null;
  readonly failures: number | null;
}

let database: TestDatabase;
let folder: ProjectFolder;

beforeAll(async () => {
  database = await createTestDatabase();
  await queryOnce(database.settings, sources);
  await queryOnce(database.settings, 'create table raw.rates as select 1.5 as rate');
  folder = openProjectFolder(files, variables('ANALYTICS_DB', database.settings));
});
afterAll(async () => {
  folder.remove();
  await database.drop();
});

const check = (...args: string[]): Promise<Ended> => folder.call(['test', '--leakage', ...args]);

function told(model: string): Told | undefined {
  const document = JSON.parse(readFileSync(join(folder.folder, 'target/run_results.json'), 'utf8')) as {
    readonly results: readonly (Told & { readonly unique_id: string })[];
  };
  return document.results.find((result) => result.unique_id === `test.shop.leakage_${model}`);
}

const relations = (): Promise<Record<string, unknown>[]> =>
  queryOnce(
    database.settings,
    `select nspname, relname, c.oid::text from pg_class c join pg_namespace n on n.oid = relnamespace
     where nspname !~ '^(pg_|information_schema|chemflow$)' order by 1, 2, 3`,
  );

test('a model whose features know nothing later passes, and the warehouse is left as it was', async () => {
  const before = await relations();
  const ended = await check('--select', 'honest');
  expect(ended).toMatchObject({ exitCode: 0 });
  expect(told('honest')).toMatchObject({ status: 'pass', failures: 0 });
  expect(await relations()).toEqual(before);
});

test('each feature that knows something later is named with the rows that told it, and no other', async () => {
  const ended = await check('--select', 'leaking');
  expect(ended.exitCode).toBe(1);
  const result = told('leaking');
  expect(result).toMatchObject({ status: 'fail', failures: 6 });
  const sentences = (result?.message ?? '').split('\n').map((line) => line.trim());
  const named = sentences.map((sentence) => sentence.replace(/:.*/, '')).sort();
  expect(named).toEqual(['has_open', 'is_vip_now', 'orders_ever', 'segment_now', 'will_leave', 'will_order']);
  const of = (feature: string): string => sentences.find((sentence) => sentence.startsWith(`${feature}:`)) ?? '';
  expect(of('orders_ever')).toMatch(
    /rows are added after it in raw\.orders; id \d+, observed_at .*: orders_ever was \d+ and became \d+$/,
  );
  expect(of('segment_now')).toContain('rows are changed after it in raw.customers');
  expect(of('is_vip_now')).toContain('rows are changed after it in raw.customers');
  expect(of('will_leave')).toContain('rows are deleted after it in raw.customers');
  expect(ended.stderr).toContain('leakage_leaking');
});

test('rows that are there only because of what came later are a leak too', async () => {
  const ended = await check('--select', 'survivors', '--cuts', '2');
  expect(ended.exitCode).toBe(1);
  expect(told('survivors')?.message).toMatch(
    /^rows: \d+ observed by .* differ when rows are deleted after it in raw\.customers; id \d+.*: there was a row, and there is no row$/,
  );
});

test('what cannot be checked is an error that says what to write', async () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['plain', 'LEAKAGE.NO_META', /plain says nothing of features/],
    ['half', 'LEAKAGE.META', /half: meta has no entity, no observed_at/],
    ['both', 'LEAKAGE.META', /feature cannot be a feature and a label at once/],
    ['timeless_rates', 'LEAKAGE.NO_TIME', /Nothing says when a row of raw\.rates came[^]*timeless/],
  ];
  for (const [name, code, words] of cases) {
    const ended = await check('--select', name);
    expect([name, ended.exitCode]).toEqual([name, 2]);
    expect(ended.stderr).toContain(code);
    expect(ended.stderr).toMatch(words);
  }
  const ended = await check('--select', 'misspelt', 'untimed', 'repeated', 'honest', '--cuts', '1');
  expect(ended.exitCode).toBe(1);
  expect(told('misspelt')?.message).toContain('has no column "orders_5days"');
  expect(told('untimed')?.message).toContain('observed_text is of type text');
  expect(told('repeated')?.message).toContain('share id, observed_at with another');
  expect(told('honest')).toMatchObject({ status: 'pass' });
  expect((await check('--select', 'honest', '--cuts', '0')).exitCode).toBe(2);
});

test('a table that is declared timeless is read where it is', async () => {
  folder.write({
    'sources.yml': (files['sources.yml'] ?? '').replace(
      '- name: rates',
      '- name: rates\n        meta: { timeless: rates are fixed for good }',
    ),
  });
  const ended = await check('--select', 'timeless_rates');
  folder.write({ 'sources.yml': files['sources.yml'] ?? '' });
  expect(ended.exitCode).toBe(0);
});

test('an interrupted check leaves nothing behind', async () => {
  const abort = new AbortController();
  const before = await relations();
  const running = folder.call(['test', '--leakage', '--select', 'honest', 'leaking'], { signal: abort.signal });
  await expect
    .poll(async () => (await relations()).length, { timeout: 20_000, interval: 5 })
    .toBeGreaterThan(before.length);
  abort.abort();
  expect((await running).exitCode).toBe(130);
  expect(await relations()).toEqual(before);
  expect(
    await queryOnce(database.settings, `select nspname from pg_namespace where nspname like 'chemflow\\_%'`),
  ).toEqual([]);
});

test('a schema of somebody else that has a name of the check is not dropped', async () => {
  await queryOnce(database.settings, 'create schema chemflow_leakage_mine');
  const ended = await check('--select', 'honest');
  await queryOnce(database.settings, 'drop schema chemflow_leakage_mine');
  expect(ended.exitCode).toBe(2);
  expect(ended.stderr).toContain('LEAKAGE.SCHEMA');
});
