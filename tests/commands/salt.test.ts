import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.js';
import { openProjectFolder, variables, type ProjectFolder } from './program.js';

const hash =
  "{{ config(materialized='table') }} select encode(sha256(convert_to(current_setting('chemflow.hash_salt') || ':x', 'UTF8')), 'hex') as h";
const salts = ['the first salt, 1234', 'the second salt, 5678'] as const;
let database: TestDatabase;
let project: ProjectFolder;

beforeAll(async () => {
  database = await createTestDatabase();
  project = openProjectFolder(
    {
      'chemflow.yml':
        'name: shop\nwarehouse: { env: { default: SHOP_DB } }\nhash_salt: required\ntargets: { prod: { schema: public } }\n',
      'models/whole.sql': hash,
      'models/grown.sql': hash.replace('table', 'incremental'),
    },
    variables('SHOP_DB', database.settings),
  );
});
afterAll(async () => {
  project.remove();
  await database.drop();
});

const call = (salt: 0 | 1, ...args: string[]): ReturnType<ProjectFolder['call']> =>
  project.call(args, { env: { CHEMFLOW_HASH_SALT: salts[salt] } });
const hashes = async (): Promise<number> => {
  const rows = await queryOnce(
    database.settings,
    'select count(distinct h)::int as n from (select h from whole union all select h from grown) as all_hashes',
  );
  return Number(rows[0]?.['n']);
};

test('another salt than the hashes were built with is refused before anything is built, and says what to type', async () => {
  expect((await call(0, 'run')).exitCode).toBe(0);
  for (const args of [['run'], ['run', '--full'], ['run', '--select', 'grown'], ['build']]) {
    const ended = await call(1, ...args);
    expect([args, ended.exitCode]).toEqual([args, 2]);
    expect(ended.stderr).toContain('SALT.CHANGED');
    expect(ended.stderr).toContain('chemflow run --full --rotate-salt');
  }
  expect(await hashes()).toBe(1);
});

test('a rotation is of everything', async () => {
  for (const args of [
    ['run', '--rotate-salt'],
    ['run', '--full', '--rotate-salt', '--select', 'grown'],
  ])
    expect((await call(1, ...args)).stderr).toContain('CLI.USAGE');
});

test('a rotation that breaks off can only be begun again, and then every hash is a new one', async () => {
  project.write({ 'models/whole.sql': `${hash} from nowhere` });
  expect((await call(1, 'run', '--full', '--rotate-salt')).exitCode).toBe(1);
  project.write({ 'models/whole.sql': hash });
  expect((await call(1, 'run')).stderr).toContain('SALT.ROTATING');
  expect((await call(0, 'run')).stderr).toContain('SALT.CHANGED');
  expect((await call(1, 'run', '--full', '--rotate-salt')).exitCode).toBe(0);
  expect(await hashes()).toBe(1);
  expect((await call(1, 'run')).exitCode).toBe(0);
  expect((await call(0, 'run')).stderr).toContain('SALT.CHANGED');
});

test('no salt is in what was printed, written or noted', async () => {
  const printed = await call(0, 'run', '--log-format', 'json');
  const files = readdirSync(join(project.folder, 'target'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  const noted = JSON.stringify(
    await queryOnce(database.settings, 'select k::text, r::text from chemflow.hash_salts as k, chemflow.runs as r'),
  );
  for (const salt of salts)
    for (const text of [printed.stdout, printed.stderr, noted, ...files]) expect(text).not.toContain(salt);
});
