import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withDatabase } from '../oracle/read-sources.js';
import { createWarehouseUnderTest, salt, type WarehouseUnderTest } from '../warehouse/warehouse-under-test.js';

let warehouse: WarehouseUnderTest;
let key: string;
let account: string;
let uuid: string;
let hash: string;

const one = async (sql: string): Promise<string> => {
  const [row] = await withDatabase(warehouse.analytics, (ask) => ask(sql));
  return Object.values(row ?? {})[0] ?? '';
};

/** Relations with a row that holds a text, each read whole. */
async function relationsWith(...texts: readonly string[]): Promise<readonly string[]> {
  return withDatabase(warehouse.analytics, async (ask) => {
    const relations = await ask(
      `select format('%I.%I', nspname, relname) as name from pg_class join pg_namespace n on n.oid = relnamespace
       where nspname !~ '^pg_|^information_schema' and relkind in ('r', 'm') order by 1`,
    );
    const found: string[] = [];
    for (const { name } of relations) {
      const [row] = await ask(
        `select count(*) as n from ${name ?? ''} as t, unnest(array[${texts.map((text) => `'${text.toLowerCase()}'`).join(', ')}]) as v where position(v in lower(t::text)) > 0`,
      );
      if (row?.['n'] !== '0') found.push(name ?? '');
    }
    return found;
  });
}

const personTexts = (): readonly string[] => [
  'zebulon',
  'canarius',
  'canary headline 8f41',
  'canary text 8f41',
  uuid,
  hash,
  account,
];
const refusal = (run: Promise<string>): Promise<string> =>
  run.then(
    (text) => `no error: ${text}`,
    (error: unknown) => String(error),
  );

beforeAll(async () => {
  warehouse = await createWarehouseUnderTest({ users: 120, seed: 5, until: '2026-03-20T12:00:00Z' });
  await warehouse.chemflow('run');
  key = await one("select id from staging.chemlink_persons where first_name = 'Zebulon'");
  uuid = await one("select person_id from staging.chemlink_persons where first_name = 'Zebulon'");
  hash = createHash('sha256').update(`${salt}:${uuid}`).digest('hex');
  account = await one("select id from staging.engagement_persons where first_name = 'Zebulon'");
}, 120_000);
afterAll(async () => {
  await warehouse.drop();
});

test('a dry run shows what is held of a person, in which tables and models, and removes nothing', async () => {
  expect([key, uuid, account]).not.toContain('');
  const before = await relationsWith(...personTexts());
  const shown = await warehouse.chemflow('forget', '--source', 'chemlink.persons', '--key', key, '--dry-run');
  const held = [
    'staging.chemlink_persons',
    'staging.chemlink_persons_history',
    'staging.engagement_posts',
    'staging.accounts',
    'core.user_facts',
    'core.user_activity_events',
    'core.user_journey_events',
    'core.user_months',
  ];
  for (const relation of held) expect(shown).toMatch(new RegExp(`^  ${relation}: \\d+ rows`, 'm'));
  // Whatever names the person by a key or a hash of it is among what goes in the transaction.
  for (const relation of await relationsWith(uuid, hash)) expect(shown).toMatch(new RegExp(`^  ${relation}: `, 'm'));
  expect(await relationsWith(hash)).toContain('aggregates.user_engagement_levels');
  expect(shown).toContain(`engagement.persons ${account} (another account of the same human)`);
  expect(shown).not.toMatch(/zebulon|canarius/i);
  expect(await relationsWith(...personTexts())).toEqual(before);
});

test('another account of the same human asks for a decision, and nothing is removed before it', async () => {
  const text = await refusal(warehouse.chemflow('forget', '--source', 'chemlink.persons', '--key', key));
  expect(text).toContain('FORGET.ACCOUNTS');
  expect(text).toContain(`engagement.persons ${account}`);
  expect(await relationsWith(account)).not.toContain('chemflow.runs');
  expect(await one(`select count(*) from staging.chemlink_persons where id = ${key}`)).toBe('1');
});

test('a person is removed from every table, snapshot and model, with the rows that refer to them', async () => {
  const others = await one("select count(*) from staging.chemlink_persons where first_name <> 'Zebulon'");
  const said = await warehouse.chemflow('forget', '--source', 'chemlink.persons', '--key', key, '--accounts', 'with');
  expect(said).toContain('finds nothing');
  expect(await relationsWith(...personTexts())).toEqual(['chemflow.tombstones']);
  expect(await one("select count(*) from staging.chemlink_persons where first_name <> 'Zebulon'")).toBe(others);
  for (const [table, column] of [
    ['chemlink_experiences', 'person_id'],
    ['chemlink_query_votes', 'profile_id'],
    ['chemlink_persons_history', 'id'],
    ['profile_updates_seen', 'chemlink_id'],
  ] as const)
    expect([table, await one(`select count(*) from staging.${table} where ${column} = ${key}`)]).toEqual([table, '0']);
  expect(await one(`select count(*) from staging.engagement_posts where pinned_by = '${account}'`)).toBe('0');
});

test('the tombstone holds the key and nothing else of the person', async () => {
  const rows = await withDatabase(warehouse.analytics, (ask) =>
    ask("select source_name || '.' || source_table as person, key from chemflow.tombstones order by 1"),
  );
  expect(rows).toEqual([
    { person: 'chemlink.persons', key },
    { person: 'engagement.persons', key: account },
  ]);
});

test.each([
  ['an increment', ['run']],
  ['a full run', ['run', '--full']],
  ['a range of days', ['run', '--start-date', '2020-01-01', '--end-date', '2026-12-31']],
  ['another target', ['run', '--target', 'dev', '--select', 'source:*']],
] as const)('%s does not bring the person back', async (_, args) => {
  await withDatabase(warehouse.chemlink, (ask) =>
    ask(`update persons set updated_at = updated_at + interval '1 second' where id = ${key}`),
  );
  await warehouse.chemflow(...args);
  expect(await relationsWith(...personTexts())).toEqual(['chemflow.tombstones']);
});

test('an increment after a removal reads no table in full because of it', async () => {
  await warehouse.chemflow('run');
  const modes = await withDatabase(warehouse.analytics, (ask) =>
    ask(
      `select distinct mode from chemflow.extractions where run_id = (select run_id from chemflow.runs order by started_at desc limit 1)`,
    ),
  );
  expect(modes).toEqual([{ mode: 'incremental' }]);
});

test('the data tests pass after a removal', async () => {
  await warehouse.chemflow('test', '--exclude', 'test_type:unit');
});

test.each([
  ['a key of nobody', ['--source', 'chemlink.persons', '--key', '987654321'], 'FORGET.NOT_HELD'],
  ['a table of no people', ['--source', 'chemlink.person', '--key', '1'], 'FORGET.UNKNOWN_SOURCE'],
])('%s is an error', async (_, args, code) => {
  expect(await refusal(warehouse.chemflow('forget', ...args))).toContain(code);
});

test('an account is forgotten without another of the same human, which stays as it is', async () => {
  const linked = `from staging.chemlink_persons as p join staging.engagement_persons as e on e.external_id = p.person_id::text
    join core.unified_users as u on u.chemlink_id = p.id and u.engagement_person_id = e.id order by p.id limit 1`;
  const [id, person, other] = [
    await one(`select p.id ${linked}`),
    await one(`select p.person_id ${linked}`),
    await one(`select e.id ${linked}`),
  ];
  const own = createHash('sha256').update(`${salt}:${person}`).digest('hex');
  expect(await relationsWith(own)).toContain('aggregates.user_engagement_levels');
  // The other target's copy has this person too, which would be told.
  await withDatabase(warehouse.analytics, async (ask) => {
    for (const { name } of await ask("select nspname as name from pg_namespace where nspname like 'dev\\_%'"))
      await ask(`drop schema ${name ?? ''} cascade`);
  });
  await warehouse.chemflow('forget', '--source', 'chemlink.persons', '--key', id, '--accounts', 'without');
  expect(await relationsWith(own)).toEqual([]);
  expect(await one(`select count(*) from core.unified_users where chemlink_id = ${id}`)).toBe('0');
  // What is left of the human is the other account, which still says which one it belonged to.
  expect(await relationsWith(person)).toEqual(['staging.engagement_persons']);
  expect(await one(`select count(*) from staging.engagement_persons where id = '${other}'`)).toBe('1');
});
