import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConnectionSettings } from '../../src/types/index.js';
import { packageRoot } from '../../src/util/package-root.js';
import { describeDifferences } from '../oracle/compare-warehouse.js';
import { withDatabase } from '../oracle/read-sources.js';
import { createWarehouseUnderTest, type WarehouseUnderTest } from './warehouse-under-test.js';

let warehouse: WarehouseUnderTest;

const change = async (settings: ConnectionSettings, ...statements: readonly string[]): Promise<void> => {
  await withDatabase(settings, async (ask) => {
    for (const statement of statements) await ask(statement);
  });
};

/** Lets a day go by, so that the rows of one run are told from those of the next; then runs, and expects what the oracle computes. */
const runAndCompare = async (...options: readonly string[]): Promise<void> => {
  await warehouse.advance(1);
  await warehouse.chemflow('run', ...options);
  expect(describeDifferences(await warehouse.differences())).toBe('');
};

/** How many events the last increment wrote, and how many there are. */
const written = async (): Promise<{ readonly rows: number; readonly events: number }> => {
  const [row] = await withDatabase(warehouse.analytics, (ask) =>
    ask(`select rows_affected as rows, (select count(*) from core.user_activity_events) as events
         from chemflow.node_results where node_id = 'model.chemlink.user_activity_events' order by started_at desc limit 1`),
  );
  return { rows: Number(row?.['rows']), events: Number(row?.['events']) };
};

/** A digest of the rows of every relation beyond staging, by name. */
const digests = async (): Promise<Record<string, string | null>> =>
  await withDatabase(warehouse.analytics, async (ask) => {
    const relations = await ask(
      `select nspname || '.' || relname as name from pg_class join pg_namespace n on n.oid = relnamespace
       where nspname in ('core', 'aggregates', 'ai') and relkind in ('r', 'm') order by 1`,
    );
    const found: Record<string, string | null> = {};
    for (const { name } of relations) {
      const [row] = await ask(
        `select md5(string_agg(t::text, chr(10) order by t::text collate "C")) as digest from ${name ?? ''} as t`,
      );
      found[name ?? ''] = row?.['digest'] ?? null;
    }
    return found;
  });

const lively = (offset: number): string =>
  `(select person_id from posts group by 1 order by count(*) desc, 1 offset ${offset} limit 1)`;

beforeAll(async () => {
  warehouse = await createWarehouseUnderTest({ users: 300, seed: 11, until: '2026-03-20T12:00:00Z' });
  await warehouse.chemflow('run');
});
afterAll(async () => {
  await warehouse.drop();
});

test('a day later little of the events is written again', async () => {
  await runAndCompare();
  const { rows, events } = await written();
  expect(rows).toBeGreaterThan(0);
  expect(rows).toBeLessThan(events / 5);
});

test('back-dated, soft-deleted, undeleted and hard-deleted rows are found', async () => {
  await change(
    warehouse.engagement,
    `insert into posts (id, person_id, type, content, created_at, updated_at)
     select gen_random_uuid(), ${lively(0)}, 'text', 'late', timestamptz '2025-11-03 23:59:59.999999+00', timestamptz '2025-11-03 23:59:59.999999+00'`,
    `update posts set deleted_at = timestamptz '2026-01-01 00:00+00' where id in (select id from posts where deleted_at is null order by id limit 3)`,
    `update posts set deleted_at = null where id in (select id from posts where deleted_at is not null order by id desc limit 3)`,
    `delete from comments where id in (select id from comments order by id limit 5)`,
  );
  await change(
    warehouse.chemlink,
    `delete from query_votes where id in (select id from query_votes order by id limit 2)`,
    `update experiences set deleted_at = updated_at where id in (select id from experiences order by id limit 4)`,
  );
  await runAndCompare();
});

test('accounts that are linked anew take their activity with them', async () => {
  await change(
    warehouse.engagement,
    // Two accounts change their owners, one loses its link, one gets an older twin, one gives its posts away.
    `with pair as (select id, external_id, lead(external_id) over (order by id) as next, lag(external_id) over (order by id) as previous
                   from persons where id in (${lively(0)}, ${lively(1)}))
     , cleared as (select id, coalesce(next, previous) as external_id from pair)
     update persons set external_id = cleared.external_id || ' ' from cleared where cleared.id = persons.id`,
    `update persons set external_id = trim(external_id) where external_id like '% '`,
    `update persons set external_id = null where id = ${lively(2)}`,
    `update persons set external_id = upper((select external_id from persons where id = ${lively(3)})), created_at = '2020-01-01'
     where id = (select id from persons where external_id is null order by id limit 1)`,
    `update posts set person_id = ${lively(4)} where person_id = ${lively(5)}`,
  );
  await runAndCompare();
});

test('an account with a new key leaves nothing under its old one', async () => {
  await change(
    warehouse.chemlink,
    `update persons set person_id = gen_random_uuid() where id in (select person_id from collections group by 1 order by count(*) desc, 1 limit 3)`,
  );
  await runAndCompare();
});

test('records that are somebody else’s now are taken from those who had them', async () => {
  const given = (table: string): string =>
    `update ${table} set person_id = (select min(id) from persons where id > 20)
     where id in (select id from ${table} where deleted_at is null order by id limit 4)`;
  await change(
    warehouse.chemlink,
    given('experiences'),
    given('education'),
    given('person_languages'),
    `update query_votes set created_at = created_at - interval '40 days' where id in (select id from query_votes order by id desc limit 20)`,
  );
  await change(
    warehouse.engagement,
    `update mentions set mentioned_person_id = (select min(id::text)::uuid from persons)
     where id in (select id from mentions where deleted_at is null order by id limit 5)`,
    // What the account did before is known from later on.
    `update persons set created_at = created_at + interval '20 days' where id = ${lively(1)}`,
  );
  await runAndCompare();
});

test('a model that is built by itself looks at no list of another window', async () => {
  await warehouse.advance(1);
  await warehouse.chemflow('extract');
  // What the source overwrites is kept before the next copy; of the lists only the window is made.
  await warehouse.chemflow(
    'run',
    '--select',
    'as_of',
    'profile_updates_seen',
    'chemlink_persons_history',
    'change_window',
  );
  await warehouse.chemflow('run', '--select', 'user_activity_events');
  await warehouse.chemflow('run', '--select', 'user_days', 'orphaned_records');
  await runAndCompare();
});

test('updates that turn into a bulk import are taken away from everybody', async () => {
  await change(
    warehouse.chemlink,
    `update persons set updated_at = timestamptz '2026-03-19 10:00:00.25+00' where id in (select id from persons order by id limit 60)`,
  );
  await runAndCompare();
  await change(
    warehouse.chemlink,
    `update persons set updated_at = timestamptz '2026-03-19 10:00:00.75+00' where id in (select id from persons order by id offset 60 limit 60)`,
  );
  await runAndCompare();
});

test('test accounts that are added to the seed change the past in an increment as in a full run', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'chemflow-seed-'));
  for (const part of ['chemflow.yml', 'sources.yml', 'models', 'macros', 'seeds', 'snapshots', 'tests/data'])
    cpSync(join(packageRoot, part), join(folder, part), { recursive: true });
  const [person] = await withDatabase(warehouse.analytics, (ask) =>
    ask(
      'select user_key as key from core.unified_users where is_real_account order by engagement_score desc, 1 limit 1',
    ),
  );
  const [account] = await withDatabase(warehouse.chemlink, (ask) =>
    ask(`select email from persons where person_id = '${person?.['key'] ?? ''}'`),
  );
  const before = await digests();
  appendFileSync(join(folder, 'seeds/test_accounts.csv'), `${account?.['email'] ?? ''},a test that the team forgot\n`);
  await warehouse.chemflow('run', '--project-dir', folder);
  const after = await digests();
  expect(after['aggregates.daily_metrics']).not.toBe(before['aggregates.daily_metrics']);
  await warehouse.chemflow('run', '--full', '--project-dir', folder);
  expect(await digests()).toEqual(after);
  rmSync(folder, { recursive: true });
});

test('days that are read again give what a full run gives', async () => {
  await change(
    warehouse.engagement,
    `update comments set created_at = created_at - interval '40 days' where id in (select id from comments order by id desc limit 5)`,
  );
  await warehouse.chemflow('run', '--start-date', '2026-01-01', '--end-date', '2026-03-25');
  await runAndCompare();
});

test('a run without as much as a day in between is as right as any', async () => {
  await change(
    warehouse.engagement,
    `update posts set deleted_at = null where id in (select id from posts where deleted_at is not null order by id limit 3)`,
  );
  await warehouse.chemflow('run');
  expect(describeDifferences(await warehouse.differences())).toBe('');
});

test('a moment of the past, another zone and back again', async () => {
  const past = { asOf: '2026-01-15T04:30:00Z', timezone: 'Asia/Manila' };
  await warehouse.chemflow('run', '--vars', `{as_of: "${past.asOf}", timezone: ${past.timezone}}`);
  expect(describeDifferences(await warehouse.differences(past))).toBe('');
  await runAndCompare();
  await runAndCompare();
});

test('history survives a full run, and goes where that is said', async () => {
  const remembered = async (): Promise<readonly number[]> => {
    const [row] = await withDatabase(warehouse.analytics, (ask) =>
      ask(`select (select count(*) from staging.chemlink_query_votes where _source_deleted_at is not null) as gone,
                  (select count(*) from staging.chemlink_persons_history) as versions,
                  (select count(*) from staging.profile_updates_seen) as updates`),
    );
    return [Number(row?.['gone']), Number(row?.['versions']), Number(row?.['updates'])];
  };
  const before = await remembered();
  await warehouse.chemflow('run', '--full');
  const kept = await remembered();
  expect(kept).toEqual(before);
  expect(kept[0]).toBeGreaterThan(0);
  await expect(warehouse.chemflow('run', '--discard-history')).rejects.toThrow('--full');
  await warehouse.chemflow('run', '--full', '--discard-history');
  const [persons] = await withDatabase(warehouse.chemlink, (ask) =>
    ask('select count(*) as n, count(*) filter (where updated_at > created_at) as updated from persons'),
  );
  expect(await remembered()).toEqual([0, Number(persons?.['n']), Number(persons?.['updated'])]);
  await warehouse.chemflow('test');
});
