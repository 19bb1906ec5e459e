import { describe, expect, test } from 'vitest';
import { findings } from './min-cell/findings.js';
import { createWarehouseUnderTest } from './warehouse-under-test.js';

describe('no cell about fewer people than min_cell is told or follows from what is told', () => {
  test.each([
    { minCell: 5, users: 2100, seed: 1, until: '2026-03-20T12:00:00Z' },
    // The last month begins with a Sunday and is one day old.
    { minCell: 3, users: 700, seed: 8, until: '2026-02-01T09:00:00Z' },
    // A Monday that is a first: day, week and month are one.
    { minCell: 10, users: 400, seed: 9, until: '2025-12-01T15:00:00Z' },
  ])('$users users, min_cell $minCell, until $until', async ({ minCell, ...sample }) => {
    const warehouse = await createWarehouseUnderTest(sample);
    try {
      const found = await findings(warehouse, minCell);
      expect(found.untrue).toEqual([]);
      expect(found.smallTold).toEqual([]);
      expect(found.smallRecovered).toEqual([]);
      expect(found.recoveredWithoutMore.length).toBeGreaterThan(20);
      await warehouse.chemflow('test', '--vars', `{min_cell: ${minCell}}`);
    } finally {
      await warehouse.drop();
    }
  });
});
