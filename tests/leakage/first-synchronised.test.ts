import { afterAll, beforeAll, expect, test } from 'vitest';
import { queryOnce } from '../support/database.js';
import { createWarehouseUnderTest, type WarehouseUnderTest } from '../warehouse/warehouse-under-test.js';

let warehouse: WarehouseUnderTest;

beforeAll(async () => {
  // The sources' clocks stay behind the machine's, so that a run starts when they say.
  warehouse = await createWarehouseUnderTest({ users: 500, seed: 9, until: '2025-06-01T12:00:00Z' });
  await warehouse.chemflow('run', '--select', '+ai');
  await warehouse.advance(90);
  await warehouse.chemflow('run', '--select', '+ai');
  // Target dev copies the sources into schemas of its own, for the first time here.
  await warehouse.chemflow('run', '--select', '+ai', '--target', 'dev');
  await warehouse.advance(60);
  await warehouse.chemflow('run', '--select', '+ai');
  await warehouse.chemflow('run', '--select', '+ai', '--target', 'dev');
});
afterAll(async () => {
  await warehouse.drop();
});

// A source has people whose sign-up lies in the future. What the earlier warehouse saw of them before that, the later one never did, and no snapshot tells.
const fromTheFuture = `select encode(sha256(convert_to('a salt for tests only:' || person_id::text, 'UTF8')), 'hex')
  from staging.chemlink_persons_history where created_at > snapshot_at`;

test('a warehouse first synchronised 90 days later agrees on every row that both call point-in-time', async () => {
  const [found] = await queryOnce(
    warehouse.analytics,
    `select nspname as schema from pg_namespace where nspname like 'dev%\\_ai'`,
  );
  const later = String(found?.['schema']);
  let compared = 0;
  for (const table of [
    'training_data_activation',
    'training_data_engagement',
    'scoring_activation',
    'scoring_engagement',
  ]) {
    const [counts] = await queryOnce(
      warehouse.analytics,
      `select count(*) filter (where a.is_point_in_time and b.is_point_in_time)::int as both,
         count(*) filter (where a.is_point_in_time and not b.is_point_in_time)::int as earlier_only,
         count(*) filter (where not a.is_point_in_time and b.is_point_in_time)::int as later_only,
         array_agg(array[to_json(a)::text, to_json(b)::text]) filter (where a.is_point_in_time and b.is_point_in_time and a::text <> b::text) as differences
       from ai.${table} as a join "${later}".${table} as b using (example_id)
       where example_id not in (${fromTheFuture})`,
    );
    expect([table, counts?.['differences']]).toEqual([table, null]);
    expect([table, counts?.['later_only']]).toEqual([table, 0]);
    compared += Number(counts?.['both']);
  }
  expect(compared).toBeGreaterThan(5);
});

test('the later one knows nothing of what a person was before, and says so', async () => {
  const [found] = await queryOnce(
    warehouse.analytics,
    `select nspname as schema from pg_namespace where nspname like 'dev%\\_ai'`,
  );
  const [counts] = await queryOnce(
    warehouse.analytics,
    `select count(*) filter (where a.is_point_in_time and not b.is_point_in_time)::int as lost,
       count(*) filter (where not b.is_point_in_time and (b.has_finder is not null or b.profile_completion_score is not null or b.profile_update_count_7d is not null))::int as filled_from_the_future
     from ai.training_data_activation as a join "${String(found?.['schema'])}".training_data_activation as b using (example_id)`,
  );
  expect(counts?.['lost']).toBeGreaterThan(0);
  expect(counts?.['filled_from_the_future']).toBe(0);
});
