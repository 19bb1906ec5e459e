import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWarehouse, type Warehouse } from './warehouse.js';

let warehouse: Warehouse;
beforeAll(async () => {
  warehouse = await openWarehouse();
});
afterAll(() => warehouse.close());

const messages = (results: Record<string, { status: string; message: string | null }>): Record<string, string> =>
  Object.fromEntries(Object.entries(results).map(([name, one]) => [name, `${one.status}: ${one.message ?? ''}`]));

const shop = {
  people: {
    sql: "select i as id, 'person ' || i as name from generate_series(1, 12) i",
    config: { materialized: 'table' },
  },
  adults: { sql: "select * from {{ ref('people') }} where id > 4", reads: ['people'] },
  counted: {
    sql: "select count(*) as people from {{ ref('adults') }}",
    reads: ['adults'],
    config: { materialized: 'materialized_view' },
  },
};

it('builds tables, views and materialized views in dependency order', async () => {
  const results = await warehouse.run(shop);
  expect(messages(results)).toEqual({
    people: 'success: SELECT 12',
    adults: 'success: CREATE VIEW',
    counted: 'success: CREATE MATERIALIZED VIEW',
  });
  expect(await warehouse.query('select people from analytics.counted')).toEqual([{ people: '8' }]);
});

it('builds them again in place of the old ones and leaves nothing beside them', async () => {
  const results = await warehouse.run(shop);
  expect(messages(results)).toEqual({
    people: 'success: SELECT 12',
    adults: 'success: CREATE VIEW',
    counted: 'success: CREATE MATERIALIZED VIEW',
  });
  expect(
    await warehouse.query(
      "select relname from pg_class where relnamespace = 'analytics'::regnamespace and relkind in ('r', 'v', 'm') order by 1",
    ),
  ).toEqual([{ relname: 'adults' }, { relname: 'counted' }, { relname: 'people' }]);
});

it('skips what depends on a failure and nothing else, and names the failed one', async () => {
  const results = await warehouse.run({
    ...shop,
    people: { ...shop.people, sql: 'select 1 as id,\n  nothing as name' },
    apart: { sql: 'select 1 as one' },
  });
  expect(messages(results)).toMatchObject({
    adults: 'skipped: Skipping due to fail in model.shop.people',
    counted: 'skipped: Skipping due to fail in model.shop.people',
    apart: 'success: CREATE VIEW',
  });
  expect(results.people?.error).toMatchObject({
    code: 'SQL.42703',
    place: { file: 'models/people.sql', line: 2, column: 3 },
  });
  expect(await warehouse.query('select count(*)::int as n from analytics.people')).toEqual([{ n: 12 }]);
});
