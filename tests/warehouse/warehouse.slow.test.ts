import { afterEach, expect, test } from 'vitest';
import { defaultSeed, defaultUntil, defaultUsers } from '../../src/sample/index.js';
import { describeDifferences } from '../oracle/compare-warehouse.js';
import { addHardRows, changeHardRows, hardUntil } from './hard-rows/index.js';
import { createWarehouseUnderTest, type WarehouseUnderTest } from './warehouse-under-test.js';

let warehouse: WarehouseUnderTest | undefined;

afterEach(async () => {
  await warehouse?.drop();
  warehouse = undefined;
});

interface Described {
  readonly asOf?: string;
  readonly timezone?: string;
}

const check = async (built: WarehouseUnderTest, described: Described = {}): Promise<void> => {
  expect(describeDifferences(await built.differences(described))).toBe('');
};

const varsOf = ({ asOf, timezone }: Described): string[] => ['--vars', JSON.stringify({ as_of: asOf, timezone })];

/** Bounds of the windows, of local days and months, of the hours that Chile skips and repeats, and a moment before everybody. */
const hardMoments = [
  '2025-09-07T04:00:00Z',
  '2025-09-08T02:59:59.999999Z',
  '2025-09-01T04:00:00Z',
  '2025-08-21T12:00:00Z',
  '2025-06-12T12:00:00Z',
  '2025-04-06T03:30:00Z',
  // The first cohort is 90 days old, was not a microsecond ago, and begins.
  '2024-12-19T12:00:00Z',
  '2024-12-19T11:59:59.999999Z',
  '2024-09-20T12:00:00Z',
  '2024-01-01T00:00:00Z',
];

test.each([
  { title: 'the default sample', users: defaultUsers, seed: defaultSeed },
  { title: 'twenty thousand users', users: 20_000, seed: 7 },
  // Fewer people than bulk_update_threshold: the import is so many profile updates.
  { title: 'eighty users', users: 80, seed: 2 },
])('the warehouse of $title agrees with the oracle, first, incrementally and in full', async ({ users, seed }) => {
  const isLarge = users > 10_000;
  warehouse = await createWarehouseUnderTest({ users, seed, until: defaultUntil });
  await warehouse.chemflow('run');
  await check(warehouse);
  await warehouse.advance(3);
  await warehouse.chemflow('run');
  await check(warehouse);
  if (!isLarge) {
    await warehouse.advance(30);
    await warehouse.chemflow('run');
    await check(warehouse);
  }
  await warehouse.chemflow('run', '--full');
  await check(warehouse);
  // The oracle takes its time over many people: the smaller samples see the months after and the past.
  if (isLarge) return;
  await warehouse.advance(60);
  for (const past of [
    { asOf: '2026-05-01T00:00:00Z', timezone: 'Asia/Manila' },
    { asOf: '2026-04-05T04:00:00Z', timezone: 'America/Santiago' },
    { asOf: '2025-12-15T05:00:00Z', timezone: 'America/Lima' },
  ]) {
    await warehouse.chemflow('run', ...varsOf(past));
    await check(warehouse, past);
  }
});

// Chile's rows are the ones that its clocks skip and repeat; the other zones see a few of the moments, for time's sake.
test.each([
  { timezone: 'America/Santiago', moments: hardMoments },
  { timezone: 'Asia/Manila', moments: hardMoments.slice(0, 3) },
  { timezone: 'America/Lima', moments: hardMoments.slice(0, 3) },
])(
  'rows on the edge of every rule agree with the oracle in $timezone, at moments of the past too',
  async ({ timezone, moments }) => {
    warehouse = await createWarehouseUnderTest({ users: 40, seed: 5, until: hardUntil });
    await addHardRows(warehouse.chemlink, warehouse.engagement);
    await warehouse.chemflow('run', ...varsOf({ timezone }));
    await check(warehouse, { timezone });
    for (const asOf of moments) {
      await warehouse.chemflow('run', '--select', 'staging.as_of+', ...varsOf({ timezone, asOf }));
      await check(warehouse, { timezone, asOf });
    }
    await warehouse.advance(2);
    await changeHardRows(warehouse.chemlink, warehouse.engagement);
    await warehouse.chemflow('run', ...varsOf({ timezone }));
    await check(warehouse, { timezone });
    await warehouse.chemflow('run', '--full', ...varsOf({ timezone }));
    await check(warehouse, { timezone });
  },
);

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
