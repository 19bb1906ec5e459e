import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeDifferences } from '../oracle/compare-warehouse.js';
import { addHardRows, changeHardRows, hardUntil } from './hard-rows/index.js';
import { createWarehouseUnderTest, type WarehouseUnderTest } from './warehouse-under-test.js';

const zone = { timezone: 'America/Santiago' };
const runInZone = ['run', '--vars', JSON.stringify(zone)];
let warehouse: WarehouseUnderTest;

beforeAll(async () => {
  warehouse = await createWarehouseUnderTest({ users: 40, seed: 5, until: hardUntil });
  await addHardRows(warehouse.chemlink, warehouse.engagement);
});
afterAll(async () => {
  await warehouse.drop();
});

test('rows on the edge of every rule give what the oracle computes', async () => {
  await warehouse.chemflow(...runInZone);
  expect(describeDifferences(await warehouse.differences(zone))).toBe('');
});

test('changes that reach into the past are followed by an increment', async () => {
  await warehouse.advance(2);
  await changeHardRows(warehouse.chemlink, warehouse.engagement);
  await warehouse.chemflow(...runInZone);
  expect(describeDifferences(await warehouse.differences(zone))).toBe('');
});
