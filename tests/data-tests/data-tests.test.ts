import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAdapter } from '../../src/adapter/index.js';
import { checkFreshness } from '../../src/data-tests/index.js';
import type { SourceTable } from '../../src/types/index.js';
import { openWarehouse, type NodeText, type Warehouse } from '../run/warehouse.js';

let warehouse: Warehouse;
beforeAll(async () => {
  warehouse = await openWarehouse();
});
afterAll(() => warehouse.close());

const ids = { sql: 'select i as id from generate_series(1, 5) i', config: { materialized: 'table' } };
const test = (sql: string, config: object = {}): NodeText => ({ kind: 'test', sql, reads: ['ids'], config });
const over = (limit: number): string => `select * from {{ ref('ids') }} where id > ${limit}`;

it('passes, warns and fails by severity, warn_if, error_if, fail_calc and limit', async () => {
  const results = await warehouse.run({
    ids,
    none: test(over(5)),
    some: test(over(3)),
    soft: test(over(3), { severity: 'warn' }),
    few: test(over(3), { warn_if: '> 1', error_if: '> 10' }),
    sum: test(over(3), { fail_calc: 'sum(id)' }),
    cut: test(over(0), { limit: 2 }),
    broken: test('select nonsense'),
  });
  expect(Object.fromEntries(Object.entries(results).map(([name, one]) => [name, [one.status, one.failures]]))).toEqual({
    ids: ['success', null],
    none: ['pass', 0],
    some: ['fail', 2],
    soft: ['warn', 2],
    few: ['warn', 2],
    sum: ['fail', 9],
    cut: ['fail', 2],
    broken: ['error', null],
  });
  expect(results.some?.message).toBe('Got 2 results, configured to fail if != 0');
});

it('holds back what follows from a tested node when its test fails, not when it warns', async () => {
  const nodes = (config: object) => ({
    ids,
    check: test(over(3), config),
    after: { sql: "select * from {{ ref('ids') }}", reads: ['ids'] },
  });
  const failing = await warehouse.run(nodes({}));
  expect(failing.after).toMatchObject({ status: 'skipped', message: 'Skipping due to fail in test.shop.check' });
  const warning = await warehouse.run(nodes({ severity: 'warn' }));
  expect(warning.after?.status).toBe('success');
});

it('keeps failing rows where it is asked to, anew each time', async () => {
  const run = () => warehouse.run({ ids, kept: test(over(3), { store_failures: true }) });
  await run();
  const results = await run();
  expect(results.kept).toMatchObject({ status: 'fail', failures: 2 });
  expect(await warehouse.query('select id from analytics.kept order by id')).toEqual([{ id: 4 }, { id: 5 }]);
});

it('compares the newest row of a source with the clock', async () => {
  const adapter = createAdapter(warehouse.adapter.settings);
  await warehouse.query("create table analytics.events as select timestamptz '2024-01-01 00:00:00Z' as at");
  const threshold = (count: number) => ({ count, period: 'hour' as const });
  const source = (warn: number, error: number | null, filter: string | null = null) =>
    ({
      unique_id: 'source.shop.app.events',
      schema: 'analytics',
      identifier: 'events',
      loaded_at_field: 'at',
      loaded_at_query: null,
      freshness: { warn_after: threshold(warn), error_after: error === null ? null : threshold(error), filter },
    }) as unknown as SourceTable;
  const now = "timestamptz '2024-01-01 05:00:00Z'";
  await adapter.withSession(async (session) => {
    expect(await checkFreshness(session, source(6, 12), now)).toMatchObject({ status: 'pass', ageSeconds: 18_000 });
    expect(await checkFreshness(session, source(2, 12), now)).toMatchObject({ status: 'warn' });
    expect(await checkFreshness(session, source(1, 2), now)).toMatchObject({ status: 'error' });
    expect(await checkFreshness(session, source(1, 2, 'false'), now)).toMatchObject({
      status: 'error',
      maxLoadedAt: null,
    });
  });
  await adapter.close();
});
