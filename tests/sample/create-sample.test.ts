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

test.each([
  [
    'start dates of every typed form',
    `select count(distinct regexp_replace(regexp_replace(start_date, '[0-9]{4}', 'y'), '[0-9]+', '9', 'g')) >= 8 from experiences`,
  ],
  [
    'months and days that do not exist',
    `select count(*) > 0 from education where start_date in ('13-2011', '2019-02-29')`,
  ],
  ['Present', `select count(*) > 0 from experiences where end_date = 'Present'`],
  ['blank first names', `select count(*) > 0 from persons where first_name ~ '^\\s*$'`],
  ['e-mail in mixed case', 'select count(*) > 0 from persons where email <> lower(email)'],
  [
    'one e-mail on several accounts',
    'select max(n) > 1 from (select count(*) as n from persons group by lower(email)) as mails',
  ],
  [
    'json that is {} or null',
    `select count(distinct profile::text) filter (where profile::text in ('{}', 'null')) = 2 from persons`,
  ],
  ['names in other scripts', `select count(*) > 50 from persons where first_name ~ '[^\\x01-\\u024f]'`],
  ['updates before the creation', 'select count(*) > 0 from persons where updated_at < created_at'],
  ['creations in the future', `select count(*) = 7 from persons where created_at > '${defaultUntil}'`],
  [
    'children of nobody',
    'select count(*) > 2 from experiences where not exists (select from persons where persons.id = experiences.person_id)',
  ],
  ['deletions in the future', `select count(*) > 0 from query_votes where deleted_at > '${defaultUntil}'`],
])('the profile builder has %s', async (_what, sql) => {
  expect(await ask(chemlink, sql)).toBe(true);
});

const uuid = `'^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$'`;
test.each([
  [
    'tabs, line breaks, backslashes, quotes and emoji',
    `select bool_or(content ~ '\\t') and bool_or(content ~ '\\n') and bool_or(strpos(content, '\\') > 0) and bool_or(strpos(content, '"') > 0) and bool_or(strpos(content, '🧪') > 0) from posts`,
  ],
  ['malformed external_ids', `select count(*) >= 5 from persons where external_id ~ '\\S' and external_id !~ ${uuid}`],
  [
    'blank and null external_ids',
    `select count(*) filter (where external_id ~ '^\\s*$') > 0 and count(*) > count(external_id) from persons`,
  ],
  [
    'external_ids that differ in case only',
    `select max(n) > 1 from (select count(*) as n from persons where external_id ~ ${uuid} group by lower(external_id)) as links`,
  ],
  [
    'posts of nobody',
    'select count(*) > 0 from posts where not exists (select from persons where persons.id = person_id)',
  ],
  ['a composite that needs quoting', `select count(*) > 0 from reports where reason::text like '%\\\\%'`],
])('the social platform has %s', async (_what, sql) => {
  expect(await ask(engagement, sql)).toBe(true);
});

test('ghost test accounts made most of the social activity', async () => {
  const share = await ask(
    engagement,
    `select (count(*) filter (where email ilike 'ghost.%@%'))::float / count(*) from comments join persons on persons.id = person_id`,
  );
  expect(share).toBeGreaterThan(0.8);
});
