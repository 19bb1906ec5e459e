import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { macrosOf } from '../context/make-project.js';
import { createAdapter } from '../../src/adapter/index.js';
import { openWarehouse, type Warehouse } from './warehouse.js';

let warehouse: Warehouse;
beforeAll(async () => {
  warehouse = await openWarehouse();
});
afterAll(() => warehouse.close());

const hook = (sql: string, transaction = true) => ({ sql, transaction });

it('commits without waiting for the disk, unless the connection says otherwise', async () => {
  const nodes = {
    settings: {
      sql: `select setting, source from pg_settings where name = 'synchronous_commit'`,
      config: { materialized: 'table' },
    },
  };
  const seen = (): Promise<unknown> => warehouse.query('select setting, source from analytics.settings');
  await warehouse.run(nodes);
  expect(await seen()).toEqual([{ setting: 'off', source: 'client' }]);
  const adapter = createAdapter({
    ...warehouse.adapter.settings,
    sessionSettings: { synchronous_commit: 'local' },
  });
  await warehouse.run(nodes, { adapter });
  await adapter.close();
  expect(await seen()).toEqual([{ setting: 'local', source: 'client' }]);
});

it('ends a publication with its last hook, comments and quotes in it, and with its state row', async () => {
  const nodes = (last: string) => ({
    kept: {
      sql: `select 1 as id`,
      config: {
        materialized: 'incremental',
        'post-hook': [hook(`insert into {{ this }} values (2)`), hook(last)],
      },
    },
  });
  const rows = (): Promise<unknown> => warehouse.query(`select id from analytics.kept order by id`);
  const noted = (): Promise<unknown> =>
    warehouse.query(`select status from chemflow.node_results where node_id = 'model.shop.kept'`);
  await warehouse.run(nodes(`insert into {{ this }} values (3); -- it's the last; of them`));
  expect([await rows(), await noted()]).toEqual([[{ id: 1 }, { id: 2 }, { id: 3 }], [{ status: 'success' }]]);
  const { kept } = await warehouse.run(nodes('insert into {{ this }} values (4, 5)'));
  expect(kept!.status).toBe('error');
  expect([await rows(), await noted()]).toEqual([
    [{ id: 1 }, { id: 2 }, { id: 3 }],
    [{ status: 'success' }, { status: 'error' }],
  ]);
});

it('runs hooks before, in, and after the transaction', async () => {
  await warehouse.query(
    'create schema if not exists analytics; create table analytics.log (id serial, what text, tx bigint default txid_current())',
  );
  const note = (what: string): string => `insert into analytics.log (what) select '${what} {{ this.name }}'`;
  await warehouse.run({
    hooked: {
      sql: 'select 1 as id',
      config: {
        materialized: 'table',
        'pre-hook': [hook(note('before'), false), hook(note('begun'))],
        'post-hook': [hook(note('ending')), hook(note('after'), false), hook('vacuum {{ this }}', false)],
      },
    },
  });
  const rows = await warehouse.query(
    'select what, dense_rank() over (order by tx) = dense_rank() over (order by tx) as x, tx = lag(tx) over (order by id) as same from analytics.log order by id',
  );
  expect(rows.map(({ what, same }) => [what, same])).toEqual([
    ['before hooked', null],
    ['begun hooked', false],
    ['ending hooked', true],
    ['after hooked', false],
  ]);
});

it('keeps configured rights and comments, and takes rights away that the configuration no longer names', async () => {
  await warehouse.query('create role ana; create role bob');
  const node = (grants: object, description: string) => ({
    told: {
      sql: 'select 1 as id, 2 as other',
      config: { materialized: 'view', grants, persist_docs: { relation: true, columns: true } },
      more: {
        description,
        columns: {
          id: { name: 'id', description: "the 'key'", meta: {}, tags: [] },
          gone: { name: 'gone', description: 'no', meta: {}, tags: [] },
        },
      },
    },
  });
  await warehouse.run(node({ select: ['ana', 'bob'] }, 'what $it$ is'));
  await warehouse.run(node({ select: ['bob'] }, 'what $it$ is'));
  expect(
    await warehouse.query(
      "select has_table_privilege('ana', 'analytics.told', 'select') as ana, has_table_privilege('bob', 'analytics.told', 'select') as bob, obj_description('analytics.told'::regclass) as whole, col_description('analytics.told'::regclass, 1) as first",
    ),
  ).toEqual([{ ana: false, bob: true, whole: 'what $it$ is', first: "the 'key'" }]);
  expect(
    warehouse.events.some(
      (event) => event.kind === 'message' && event.text.includes('not present in the database: gone'),
    ),
  ).toBe(true);
});

it('makes partial, covering and expression indexes, under names that stay the same', async () => {
  const nodes = {
    indexed: {
      sql: "select i as id, 'N' || i as name from generate_series(1, 5) i",
      config: {
        materialized: 'table',
        indexes: [
          { columns: ['id'], unique: true, include: ['name'] },
          { columns: ['lower(name)'], where: 'id > 2' },
          { columns: ['name'], type: 'hash' },
        ],
      },
    },
  };
  const definitions = "select indexdef from pg_indexes where tablename = 'indexed' order by 1";
  await warehouse.run(nodes);
  const first = await warehouse.query(definitions);
  await warehouse.run(nodes);
  expect(await warehouse.query(definitions)).toEqual(first);
  expect(first.map(({ indexdef }) => String(indexdef).replace(/_[0-9a-f]{10} /, ' '))).toEqual([
    'CREATE INDEX indexed_lower_name__idx ON analytics.indexed USING btree (lower(name)) WHERE (id > 2)',
    'CREATE INDEX indexed_name_idx ON analytics.indexed USING hash (name)',
    'CREATE UNIQUE INDEX indexed_id_idx ON analytics.indexed USING btree (id) INCLUDE (name)',
  ]);
});

it('refreshes a materialized view concurrently where a unique index allows it, and leaves its identity', async () => {
  const nodes = {
    source: { sql: 'select 1 as id', config: { materialized: 'incremental' } },
    fresh: {
      sql: "select id, count(*) as n from {{ ref('source') }} group by id",
      reads: ['source'],
      config: { materialized: 'materialized_view', indexes: [{ columns: ['id'], unique: true }] },
    },
  };
  await warehouse.run(nodes);
  const oid = await warehouse.query("select 'analytics.fresh'::regclass::oid");
  const results = await warehouse.run(nodes);
  expect(results.fresh).toMatchObject({ message: 'REFRESH MATERIALIZED VIEW', publication: 'in place' });
  expect(await warehouse.query("select 'analytics.fresh'::regclass::oid")).toEqual(oid);
  expect(await warehouse.query('select n::int from analytics.fresh')).toEqual([{ n: 2 }]);
});

// Longer than any test may take: what is not cancelled fails by the time-out.
it('cancels what runs on the server at an interruption and leaves the old relations and nothing else', async () => {
  const nodes = (sql: string) => ({
    slow: { sql, config: { materialized: 'table' } },
    later: { sql: "select * from {{ ref('slow') }}", reads: ['slow'] },
  });
  await warehouse.run(nodes('select 1 as id'));
  const controller = new AbortController();
  const running = warehouse.run(nodes('select 2 as id from pg_sleep(3600)'), { signal: controller.signal });
  await sleep(1500);
  controller.abort();
  const results = await running;
  expect(results.slow?.status).toBe('error');
  expect(results.later).toMatchObject({ status: 'skipped', message: 'Skipping because the run was interrupted' });
  expect(await warehouse.query('select id from analytics.slow')).toEqual([{ id: 1 }]);
  expect(
    await warehouse.query(
      "select relname from pg_class where relname like '%chemflow%' and relnamespace = 'analytics'::regnamespace",
    ),
  ).toEqual([]);
});

it('stops at the first failure with --fail-fast, and cancels what is under way', async () => {
  const results = await warehouse.run(
    {
      broken: { sql: 'select 1 / (random() * 0)::int as x from pg_sleep(1)', config: { materialized: 'table' } },
      long: { sql: 'select 1 as id from pg_sleep(3600)', config: { materialized: 'table' } },
      other: { sql: 'select 1 as id' },
    },
    { failFast: true, select: ['broken', 'long', 'other'] },
  );
  expect(results.broken?.status).toBe('error');
  expect(results.long?.status).toBe('skipped');
});

it('skips what stands on a source that could not be copied', async () => {
  const results = await warehouse.run(
    { a: { sql: 'select 1 as id' }, b: { sql: "select * from {{ ref('a') }}", reads: ['a'] } },
    { select: ['b'], unavailable: new Map([['model.shop.a', 'permission denied']]) },
  );
  expect(results.b).toMatchObject({
    status: 'skipped',
    message: 'Skipping because model.shop.a is not available: permission denied',
  });
});

it("runs a materialization of the project's own in Jinja", async () => {
  const macros = macrosOf(
    'shop',
    `{% materialization twice, adapter='postgres' %}
  {%- set target_relation = this.incorporate(type='table') -%}
  {% call statement('main') %}create table {{ target_relation }} as {{ sql }} union all {{ sql }}{% endcall %}
  {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}`,
  );
  const results = await warehouse.run(
    { doubled: { sql: 'select 1 as id', config: { materialized: 'twice' } } },
    { macros },
  );
  expect(results.doubled?.message).toBe('OK');
  expect(await warehouse.query('select count(*)::int as n from analytics.doubled')).toEqual([{ n: 2 }]);
});

it("asks the project's own macro for a text that it overrides", async () => {
  const macros = macrosOf(
    'shop',
    '{% macro postgres__create_table_as(temporary, relation, sql) %}create table {{ relation }} as select 9 as nine{% endmacro %}',
  );
  await warehouse.run({ ninth: { sql: 'select 1 as id', config: { materialized: 'table' } } }, { macros });
  expect(await warehouse.query('select * from analytics.ninth')).toEqual([{ nine: 9 }]);
});

it('hands back scripts that build the same again', async () => {
  const nodes = {
    kept: { sql: 'select 1 as id', config: { materialized: 'table' } },
    reader: { sql: "select * from {{ ref('kept') }}", reads: ['kept'] },
  };
  await warehouse.run(nodes);
  await warehouse.run(nodes);
  const script = warehouse.scripts.get('kept') ?? '';
  const [old] = await warehouse.query("select 'analytics.kept'::regclass::oid::text as oid");
  await warehouse.query(script);
  const [fresh] = await warehouse.query(
    "select 'analytics.kept'::regclass::oid::text as oid, (select id from analytics.reader) as id",
  );
  expect(script).not.toContain('search_path');
  expect(fresh?.oid).not.toBe(old?.oid);
  expect(fresh?.id).toBe(1);
});
