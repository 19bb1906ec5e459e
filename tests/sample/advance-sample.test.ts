import { createHash } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { advanceSample, createSample } from '../../src/sample/index.js';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.js';

const open: TestDatabase[] = [];
afterAll(async () => {
  await Promise.all(open.map((database) => database.drop()));
});

interface Pair {
  readonly chemlink: TestDatabase;
  readonly engagement: TestDatabase;
}

async function smallSample(seed: number): Promise<Pair> {
  const [chemlink, engagement] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  open.push(chemlink, engagement);
  await createSample({
    chemlink: chemlink.settings,
    engagement: engagement.settings,
    users: 300,
    seed,
    until: '2026-03-20T12:00:00Z',
  });
  return { chemlink, engagement };
}

const advance = (pair: Pair, days: number): Promise<void> =>
  advanceSample({ chemlink: pair.chemlink.settings, engagement: pair.engagement.settings, days });

/** A digest of all rows of both databases. */
async function digest(pair: Pair): Promise<string> {
  const hash = createHash('sha256');
  for (const database of [pair.chemlink, pair.engagement]) {
    const tables = await queryOnce(
      database.settings,
      `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1`,
    );
    for (const { name } of tables) {
      const rows = await queryOnce(
        database.settings,
        `select md5(string_agg(t::text, '|' order by id)) as sum from public."${String(name)}" as t`,
      );
      hash.update(`${String(name)} ${String(rows[0]?.['sum'])}\n`);
    }
  }
  return hash.digest('hex');
}

test('the same seed gives the same rows, another seed others', async () => {
  const [first, second, third] = [await smallSample(5), await smallSample(5), await smallSample(6)];
  const firstSum = await digest(first);
  expect(await digest(second)).toBe(firstSum);
  expect(await digest(third)).not.toBe(firstSum);
  await advance(first, 3);
  await advance(second, 3);
  const later = await digest(first);
  expect(later).not.toBe(firstSum);
  expect(await digest(second)).toBe(later);
});

test('days that go by bring sign-ups, edits, soft and hard deletes, late commits and a later clock', async () => {
  const pair = await smallSample(7);
  const ask = async (database: TestDatabase, sql: string): Promise<number> =>
    Number(Object.values((await queryOnce(database.settings, sql))[0] ?? {})[0]);
  const before = {
    people: await ask(pair.chemlink, 'select count(*) from persons'),
    gone: await ask(pair.engagement, 'select count(*) from posts where deleted_at is not null'),
  };
  const firstVote = await ask(pair.chemlink, 'select count(*) from query_votes where id <= 100');
  await advance(pair, 3);
  await advance(pair, 2);
  expect(await ask(pair.chemlink, 'select max(id) from persons')).toBeGreaterThan(before.people);
  expect(await ask(pair.engagement, 'select count(*) from posts where deleted_at is not null')).not.toBe(before.gone);
  expect(await ask(pair.chemlink, 'select count(*) from query_votes where id <= 100')).toBeLessThan(firstVote);
  expect(
    await ask(
      pair.chemlink,
      `select count(*) from persons where updated_at > '2026-03-20 12:00+00' and updated_at <= '2026-03-25 12:00+00'`,
    ),
  ).toBeGreaterThan(10);
  const clock = await queryOnce(pair.chemlink.settings, `select current_setting('chemflow.sample_clock') as clock`);
  expect(clock[0]?.['clock']).toBe('2026-03-25 12:00:00.000000+00');
});

test('a database without a sample is not advanced', async () => {
  const empty = await createTestDatabase();
  open.push(empty);
  await expect(advanceSample({ chemlink: empty.settings, engagement: empty.settings, days: 1 })).rejects.toMatchObject({
    code: 'SAMPLE.NONE',
  });
});
