import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunResult, Seed } from '../../src/types/index.js';
import { openWarehouse, type RunChange, type Warehouse } from '../run/warehouse.js';

let warehouse: Warehouse;
let folder: string;
beforeAll(async () => {
  warehouse = await openWarehouse();
  folder = mkdtempSync(join(tmpdir(), 'seeds-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await warehouse.close();
});

async function seed(
  name: string,
  text: string,
  config: object = {},
  change: RunChange = {},
): Promise<RunResult | undefined> {
  writeFileSync(join(folder, `${name}.csv`), text);
  const more = { root_path: folder, original_file_path: `${name}.csv` } as Partial<Seed>;
  const results = await warehouse.run({ [name]: { sql: '', kind: 'seed', config, more } }, change);
  return results[name];
}
const types = async (name: string): Promise<unknown> =>
  (
    await warehouse.query(
      `select string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' order by attnum) as types from pg_attribute where attrelid = 'analytics.${name}'::regclass and attnum > 0`,
    )
  )[0]?.types;

it('infers types from every row, as dbt does', async () => {
  const text =
    '\uFEFFid,big,price,day,at,iso,ok,word,nothing\n1,9999999999,1.5,2024-01-31,2024-01-31 10:00:00,2024-01-31T10:00:00Z,true,"a, ""b""\nc",\n2,1,,,,,False,null,\n';
  expect(await seed('kinds', text)).toMatchObject({ status: 'success', message: 'INSERT 2' });
  expect(await types('kinds')).toBe(
    'id integer, big bigint, price numeric, day date, at timestamp without time zone, iso timestamp without time zone, ok boolean, word text, nothing integer',
  );
  expect(await warehouse.query('select id, word, ok from analytics.kinds order by id')).toEqual([
    { id: 1, word: 'a, "b"\nc', ok: true },
    { id: 2, word: null, ok: false },
  ]);
});

it.each([1, 2, 1000])('loads the same rows in batches of %i', async (batchSize) => {
  const lines = Array.from({ length: 5 }, (_, index) => `${String(index)},"line ${String(index)}"`);
  const result = await seed(`batches_${String(batchSize)}`, `id,word\n${lines.join('\n')}\n`, {}, { batchSize });
  expect(result).toMatchObject({ status: 'success', message: 'INSERT 5' });
  expect(
    await warehouse.query(`select count(*)::int as n, max(word) as last from analytics.batches_${String(batchSize)}`),
  ).toEqual([{ n: 5, last: 'line 4' }]);
});

it('takes column_types, quote_columns and delimiter', async () => {
  await seed('typed', 'Id|Code\n1|007\n', {
    delimiter: '|',
    quote_columns: true,
    column_types: { Code: 'varchar(10)' },
  });
  expect(await types('typed')).toBe('Id integer, Code character varying(10)');
  expect(await warehouse.query('select "Code" from analytics.typed')).toEqual([{ Code: '007' }]);
});

it('loads a changed seed in place of the old one, with its readers in place', async () => {
  await seed('plain', 'a\n1\n');
  await warehouse.query('create view analytics.on_plain as select sum(a) as total from analytics.plain');
  await seed('plain', 'a\n5\n6\n');
  expect(await warehouse.query('select total::int from analytics.on_plain')).toEqual([{ total: 11 }]);
});

it('makes fractions float8 in a dbt project, and an empty file an empty table', async () => {
  await seed('halves', 'a\n0.5\n', {}, { kind: 'dbt' });
  expect(await types('halves')).toBe('a double precision');
  expect(await seed('hollow', 'a,b\n')).toMatchObject({ status: 'success', message: 'INSERT 0' });
});

it('names the line of a broken record and leaves the old table', async () => {
  const result = await seed('plain', 'a\n1\n2,3\n');
  expect(result?.error).toMatchObject({ code: 'SEED.CSV', place: { file: 'plain.csv', line: 3 } });
  expect(await warehouse.query('select count(*)::int as n from analytics.plain')).toEqual([{ n: 2 }]);
});
