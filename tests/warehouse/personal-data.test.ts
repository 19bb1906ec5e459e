import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadProject } from '../../src/project/index.js';
import { canaryTexts } from '../../src/sample/index.js';
import { packageRoot } from '../../src/util/package-root.js';
import { withDatabase } from '../oracle/read-sources.js';
import { createWarehouseUnderTest, type WarehouseUnderTest } from './warehouse-under-test.js';

const search = ['test', '--select', 'no_personal_data_beyond_staging', '--store-failures'];
let warehouse: WarehouseUnderTest;

beforeAll(async () => {
  warehouse = await createWarehouseUnderTest({ users: 120, seed: 5, until: '2026-03-20T12:00:00Z' });
  await warehouse.chemflow('run');
}, 120_000);
afterAll(async () => {
  await warehouse.drop();
});

test('the project names every canary of the sample', () => {
  const { canaries } = loadProject({ projectDir: packageRoot, env: {} }).root.vars as { readonly canaries: string[] };
  const found = (text: string): boolean => canaries.some((canary) => text.toLowerCase().includes(canary.toLowerCase()));
  expect(canaryTexts.filter((text) => !found(text))).toEqual([]);
});

test('nothing personal is found in what was built', async () => {
  await warehouse.chemflow(...search);
});

const person = "from staging.chemlink_persons where email like '%@%' and first_name <> '' and last_name <> ''";
const leaks: readonly (readonly [string, string, string])[] = [
  ['an e-mail address of staging', `select upper(email) as x ${person} limit 1`, 'equals the email'],
  ['a full name, turned around', `select last_name || ',  ' || first_name as x ${person} limit 1`, 'the full name'],
  [
    'a telephone number, written otherwise',
    "select '+49 (0)' || mobile_number as x from staging.chemlink_persons where mobile_number <> '' limit 1",
    'a telephone number',
  ],
  [
    'the digits of a telephone number',
    "select mobile_number as x from staging.chemlink_persons where mobile_number <> '' limit 1",
    'equals the telephone number',
  ],
  [
    "a profile's address",
    "select linked_in_url as x from staging.chemlink_persons where linked_in_url <> '' limit 1",
    'equals the url',
  ],
  ['an e-mail address of nobody', "select 'write to somebody@elsewhere.example today' as x", 'an e-mail address'],
  ['an address of the web in a document', `select '{"a": [{"b": "see https://a.example/x"}]}'::jsonb as x`, 'the web'],
  ['a telephone number as a key of a document', `select '{"+49 151 1234567": 1}'::json as x`, 'a telephone number'],
  ['a telephone number in a list', "select array['ring 0151 1234567', null] as x", 'a telephone number'],
  ['the text of a canary', "select 'xx canary TEXT 8f41 xx' as x", 'of a canary'],
];

test('each leak is found with its table and column, and no text of it is shown', async () => {
  await withDatabase(warehouse.analytics, async (ask) => {
    for (const [index, [, query]] of leaks.entries()) await ask(`create table aggregates.leak_${index} as ${query}`);
  });
  const output = await warehouse.chemflow(...search).then(
    () => 'passed',
    (error: unknown) => String(error),
  );
  const [rows, leaked] = await withDatabase(warehouse.analytics, async (ask) => {
    const stored = await ask('select * from dbt_test__audit.no_personal_data_beyond_staging');
    const shown: string[] = [];
    for (const index of leaks.keys()) {
      const [row] = await ask(`select x::text as x from aggregates.leak_${index}`);
      shown.push(row?.['x'] ?? '');
      await ask(`drop table aggregates.leak_${index}`);
    }
    return [stored, shown] as const;
  });
  expect(output).toContain('FAIL');
  const missed = leaks.filter(
    ([, , what], index) =>
      !rows.some((row) => row['relation'] === `aggregates.leak_${index}` && row['what']?.includes(what)),
  );
  expect(missed.map(([name]) => name)).toEqual([]);
  expect(leaked.filter((text) => text === '' || output.includes(text) || JSON.stringify(rows).includes(text))).toEqual(
    [],
  );
});

test('dates, hashes, uuids, versions and names of dimensions are no personal data', async () => {
  await withDatabase(warehouse.analytics, (ask) =>
    ask(`create table core.harmless as
      select x from (values ('2026-03-20T12:00:00Z'), ('2026-03-20 12:00:00.123456+00'), ('2024-11'), ('4-2011'), ('a1b2 10.12.2024'), ('1,234,567.00'),
        (encode(sha256('+49 151 1234567'), 'hex')), (gen_random_uuid()::text), ('engagement.comments:00606442-5672-4953-82df-eaaca89889c8'), ('PostgreSQL 17.2'), ('http'), ('C++ / .NET')) as v (x)
      union all select name from staging.chemlink_companies union all select country from staging.chemlink_locations`),
  );
  await warehouse.chemflow(...search);
  await withDatabase(warehouse.analytics, (ask) => ask('drop table core.harmless'));
});

test('no exported file holds a canary, an e-mail, a telephone number, a full name or an address of staging', async () => {
  const out = mkdtempSync(join(tmpdir(), 'chemflow-exports-'));
  try {
    const select = ['--select', 'core.*', 'aggregates.*', 'ai.*'];
    await warehouse.chemflow('export', ...select, '--format', 'jsonl', '--out', join(out, 'jsonl'));
    await warehouse.chemflow('export', ...select, '--format', 'parquet', '--out', join(out, 'parquet'));
    await warehouse.chemflow('export', '--select', 'ai.*', '--format', 'csv', '--out', join(out, 'csv'));
    const texts: string[] = [];
    for (const file of filesOf(out))
      texts.push((file.endsWith('.parquet') ? await parquetText(file) : readFileSync(file, 'utf8')).toLowerCase());
    expect(texts.join('').length).toBeGreaterThan(100_000);
    // What is searched is what the files hold, in each format: everybody's hash is there.
    const [known] = await withDatabase(warehouse.analytics, (ask) =>
      ask('select example_id as text from ai.training_data_activation limit 1'),
    );
    const holding = filesOf(out).filter((_, index) => texts[index]?.includes(known?.['text'] ?? 'nobody'));
    for (const format of ['jsonl', 'csv', 'parquet'])
      expect(holding).toContain(join(out, format, `ai.training_data_activation.${format}`));
    const people = await withDatabase(warehouse.analytics, (ask) =>
      ask(`select lower(v) as text from staging.chemlink_persons, lateral (values (email), (secondary_email), (linked_in_url), (profile_picture),
             (nullif(first_name, '') || ' ' || nullif(last_name, '')), (case when length(mobile_number) > 6 then mobile_number end)) as x (v)
           where btrim(v) <> '' group by 1`),
    );
    const wanted = [...canaryTexts.map((text) => text.toLowerCase()), ...people.map((row) => row['text'] ?? '')];
    expect(wanted.length).toBeGreaterThan(200);
    expect(wanted.filter((text) => texts.some((file) => file.includes(text)))).toEqual([]);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});

/** The rows of a Parquet file as JSON, by DuckDB, which shares nothing with what wrote it. */
async function parquetText(file: string): Promise<string> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return JSON.stringify((await connection.runAndReadAll(`select * from '${file}'`)).getRowsJson());
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
