import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSample, defaultSeed, defaultUntil, defaultUsers } from '../../src/sample/index.js';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.js';

let chemlink: TestDatabase;
let engagement: TestDatabase;

beforeAll(async () => {
  [chemlink, engagement] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await createSample({
    chemlink: chemlink.settings,
    engagement: engagement.settings,
    users: defaultUsers,
    seed: defaultSeed,
    until: defaultUntil,
  });
});
afterAll(async () => {
  await Promise.all([chemlink.drop(), engagement.drop()]);
});

const ask = async (database: TestDatabase, sql: string): Promise<unknown> =>
  Object.values((await queryOnce(database.settings, sql))[0] ?? {})[0];

test('the five months have the sign-ups of production', async () => {
  const rows = await queryOnce(
    chemlink.settings,
    `select count(*)::int as n from persons where created_at <= '${defaultUntil}' group by date_trunc('month', created_at at time zone 'UTC') order by min(created_at)`,
  );
  expect(rows.map((row) => row['n'])).toEqual([1084, 175, 596, 139, 99]);
});

test('an import touched 2084 people in one second', async () => {
  expect(
    await ask(
      chemlink,
      `select count(*)::int from persons group by date_trunc('second', updated_at) order by 1 desc limit 1`,
    ),
  ).toBe(2084);
});

test('nineteen people have Finder', async () => {
  expect(await ask(chemlink, 'select count(*)::int from persons where has_finder')).toBe(19);
});

test('96.8 percent of posts are soft-deleted', async () => {
  expect(await ask(engagement, 'select round(100.0 * count(deleted_at) / count(*), 1)::text from posts')).toBe('96.8');
});
