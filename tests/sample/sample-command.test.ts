import { afterAll, expect, test } from 'vitest';
import { runSample, type SampleServer } from '../../src/commands/sample.js';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.js';

const databases: TestDatabase[] = [];
afterAll(async () => {
  await Promise.all(databases.map((database) => database.drop()));
});

async function server(): Promise<SampleServer> {
  const [chemlink, engagement] = [await createTestDatabase(), await createTestDatabase()];
  databases.push(chemlink, engagement);
  return {
    settings: (database) => ({ ...chemlink.settings, database }),
    databases: { chemlink: chemlink.settings.database, engagement: engagement.settings.database },
  };
}

test('a sample is not made over another one, unless told to replace it', async () => {
  const place = await server();
  const make = (seed: number, replace: boolean): Promise<number> =>
    runSample('create', { server: place, users: 60, seed, replace });
  await make(1, false);
  await expect(make(2, false)).rejects.toMatchObject({ code: 'SAMPLE.NOT_EMPTY' });
  expect(await make(2, true)).toBe(0);
  const [row] = await queryOnce(
    place.settings(place.databases.chemlink),
    `select current_setting('chemflow.sample_seed') as seed, count(*)::int as people from persons`,
  );
  expect(row).toEqual({ seed: '2', people: 60 });
});

test('what is no sample is never dropped', async () => {
  const place = await server();
  await queryOnce(place.settings(place.databases.engagement), 'create table precious (id int)');
  await expect(runSample('create', { server: place, users: 60, replace: true })).rejects.toMatchObject({
    code: 'SAMPLE.NOT_A_SAMPLE',
  });
  expect(await queryOnce(place.settings(place.databases.engagement), 'select * from precious')).toEqual([]);
});

test.each([
  [{ until: 'tomorrow' }, '"tomorrow" is not a moment'],
  [{ users: 0 }, 'at least one user'],
])('the option %j is refused in words', async (options, words) => {
  await expect(runSample('create', { server: await server(), ...options })).rejects.toThrow(words);
});

test.each([1, 7])('a sample of %i people can be made and advanced', async (users) => {
  const place = await server();
  await runSample('create', { server: place, users });
  expect(await runSample('advance', { server: place, days: 2 })).toBe(0);
});
