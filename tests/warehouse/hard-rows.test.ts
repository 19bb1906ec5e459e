import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeDifferences } from '../oracle/compare-warehouse.js';
import { addHardRows, hardUntil } from './hard-rows/index.js';
import { createWarehouseUnderTest, type WarehouseUnderTest } from './warehouse-under-test.js';

const zone = { timezone: 'America/Santiago' };
const variables = (values: object): string[] => ['--vars', JSON.stringify(values)];
let warehouse: WarehouseUnderTest;

beforeAll(async () => {
  warehouse = await createWarehouseUnderTest({ users: 40, seed: 5, until: hardUntil });
  await addHardRows(warehouse.chemlink, warehouse.engagement);
});
afterAll(async () => {
  await warehouse.drop();
});

test('rows on the edge of every rule give what the oracle computes', async () => {
  await warehouse.chemflow('run', ...variables(zone));
  expect(describeDifferences(await warehouse.differences(zone))).toBe('');
});
