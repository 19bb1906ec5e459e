import { afterEach, expect, test } from 'vitest';
import { defaultSeed, defaultUntil, defaultUsers } from '../../src/sample/index.js';
import { describeDifferences } from '../oracle/compare-warehouse.js';
import { createWarehouseUnderTest, type WarehouseUnderTest } from './warehouse-under-test.js';

let warehouse: WarehouseUnderTest | undefined;

afterEach(async () => {
  await warehouse?.drop();
  warehouse = undefined;
});

const check = async (built: WarehouseUnderTest): Promise<void> => {
  expect(describeDifferences(await built.differences())).toBe('');
};

test.each([
  { title: 'the default sample', users: defaultUsers, seed: defaultSeed },
  { title: 'twenty thousand users', users: 20_000, seed: 7 },
  // Fewer people than bulk_update_threshold: the import is so many profile updates.
  { title: 'eighty users', users: 80, seed: 2 },
])('the warehouse of $title agrees with the oracle, first, incrementally and in full', async ({ users, seed }) => {
  warehouse = await createWarehouseUnderTest({ users, seed, until: defaultUntil });
  await warehouse.chemflow('run');
  await check(warehouse);
  await warehouse.advance(3);
  await warehouse.chemflow('run');
  await check(warehouse);
  await warehouse.advance(30);
  await warehouse.chemflow('run');
  await check(warehouse);
  await warehouse.chemflow('run', '--full');
  await check(warehouse);
});

test('features of people who were observed after the first snapshot come from the snapshot of that moment', async () => {
  // The sample's clock stands at the machine's, so that the run's start and the days after it can be told apart.
  const until = new Date(Date.now() - 3_600_000).toISOString();
  warehouse = await createWarehouseUnderTest({ users: 700, seed: 11, until });
  await warehouse.chemflow('run');
  for (const days of [3, 5, 40, 90]) {
    await warehouse.advance(days);
    await warehouse.chemflow('run');
    await check(warehouse);
  }
  await warehouse.chemflow('run', '--full');
  await check(warehouse);
});
