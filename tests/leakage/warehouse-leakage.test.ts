import { afterAll, beforeAll, expect, test } from 'vitest';
import { queryOnce } from '../support/database.js';
import { createCheckedWarehouse, type CheckedWarehouse } from './checked-warehouse.js';

let checked: CheckedWarehouse;

beforeAll(async () => {
  checked = await createCheckedWarehouse();
});
afterAll(async () => {
  await checked.drop();
});

test('every feature of every dataset knows nothing later than its observation', async () => {
  const { warehouse } = checked;
  const [seen] = await queryOnce(
    warehouse.analytics,
    `select count(*) filter (where is_point_in_time)::int as point_in_time, count(*) filter (where not is_point_in_time)::int as before_snapshots,
     count(*) filter (where active_days_7d > 0)::int as active from ai.training_data_activation`,
  );
  for (const count of Object.values(seen ?? {})) expect(count).toBeGreaterThan(0);
  await warehouse.chemflow('test', '--leakage', '--cuts', '2');
  const [noted] = await queryOnce(
    warehouse.analytics,
    `select array_agg(node_id || ' ' || status order by node_id) as results from chemflow.node_results
     where run_id = (select run_id from chemflow.runs order by started_at desc limit 1)`,
  );
  expect(noted?.['results']).toEqual(
    [
      'activation_observations',
      'behavior_sequences',
      'engagement_observations',
      'scoring_activation',
      'scoring_engagement',
      'training_data_activation',
      'training_data_engagement',
    ].map((model) => `test.chemlink.leakage_${model} pass`),
  );
});

test('a has_finder that is read from the present person is caught, and nothing else is named', async () => {
  const told = await checked.checkWith(
    'macros/observations.sql',
    (text) =>
      text.replace(
        'coalesce(history.has_finder, false) as has_finder',
        'coalesce((select present.has_finder from {{ source("chemlink", "persons") }} as present where present.id = history.id), false) as has_finder',
      ),
    '--select',
    'training_data_activation',
    '--cuts',
    '1',
  );
  expect(told).toMatch(/has_finder: \d+ observed by .* differ when rows are changed after it in chemlink\.persons/);
  expect(told).not.toContain('profile_completion_score: ');
});
