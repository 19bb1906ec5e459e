import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAdapter } from '../../src/adapter/index.js';
import type { ExtractResult } from '../../src/types/index.js';
import { administer, createQuietServer, queryOnce, type TestServer } from '../support/database.js';
import { createSetting, type Setting, type TableSpec } from './setting.js';

let server: TestServer;
let setting: Setting;

beforeAll(async () => {
  server = await createQuietServer();
  setting = await createSetting('', server);
});
beforeEach(async () => {
  await setting.reset();
});
afterAll(async () => {
  await setting.drop();
  await server.stop();
});

/** COPY's binary form begins and ends with so many bytes; rows and keys are two of them. */
const frame = 21;
/** How many keys of a type of so many bytes travelled, where no row did. */
const keysOf = (result: ExtractResult | undefined, size: number): number =>
  result!.bytes === frame ? 0 : (result!.bytes - 2 * frame) / (2 + 4 + size);

const gone = (table = 'shop_things'): Promise<(string | null)[][]> =>
  setting.read(`select id from staging.${table} where _source_deleted_at is not null order by n`);
const things = { name: 'things' };

/** Keys of 20,000 rows by their number, as the name says. */
const keyTypes: Readonly<Record<string, { readonly type: string; readonly key: string; readonly size: number }>> = {
  'bigints in sequence': { type: 'bigint', key: 'n', size: 8 },
  'integers on both sides of zero': { type: 'int', key: 'n * 3 - 40000', size: 4 },
  'uuids by chance': { type: 'uuid', key: 'md5(n::text)::uuid', size: 16 },
  'uuids that begin with the time': {
    type: 'uuid',
    key: `(lpad(to_hex(1740000000000 + n * 60000::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 19))::uuid`,
    size: 16,
  },
  texts: { type: 'text', key: `lpad(n::text, 6, 'é')`, size: NaN },
};

describe('keys that are gone', () => {
  for (const [name, { type, key, size }] of Object.entries(keyTypes)) {
    test(`are found among ${name}, and few others travel`, async () => {
      await setting.write(
        `create table things (id ${type} primary key, n int); insert into things select ${key}, n from generate_series(1, 20000) n`,
      );
      await setting.extract([things]);
      const wanted = await setting.sourceAdapter.withSession((session) =>
        session.query('select id from things where n in (17, 5000, 5001, 20000) order by n'),
      );
      await setting.write('delete from things where n in (17, 5000, 5001, 20000)');
      const [result] = await setting.extract([things], { kind: 'incremental' });
      expect(result).toMatchObject({ status: 'success', mode: 'incremental', rows: 0, deletedRows: 4 });
      expect(await gone()).toEqual(wanted.rows);
      const { bytes } = result!;
      // 512 buckets of about 40 keys, of which four differ; all keys would be 280,000 bytes.
      expect(bytes).toBeGreaterThan(2 * frame);
      expect(bytes).toBeLessThan(12_000);
      if (!Number.isNaN(size)) expect(Number.isInteger(keysOf(result, size))).toBe(true);
      const [again] = await setting.extract([things], { kind: 'incremental' });
      expect(again).toMatchObject({ rows: 0, deletedRows: 0, bytes: frame });
    });
  }

  test('are found among numbers at both ends of their type, where all travel', async () => {
    const key = '(9223372036854775807 - 3 * abs(n)) * sign(n)::bigint';
    await setting.write(`create table things (id bigint primary key, n int);
      insert into things select ${key}, n from generate_series(-2000, 2000) n where n <> 0`);
    await setting.extract([things]);
    await setting.write('delete from things where n in (-1, 1)');
    const [result] = await setting.extract([things], { kind: 'incremental' });
    expect(result).toMatchObject({ mode: 'incremental', rows: 0, deletedRows: 2 });
    expect(keysOf(result, 8)).toBe(3998);
    expect(await gone()).toEqual([['-9223372036854775804'], ['9223372036854775804']]);
  });

  test('are found where a key has several columns', async () => {
    await setting.write(`create table things (a int, b text, n int, primary key (b, a));
      insert into things select n % 100, 'x' || n / 100, n from generate_series(1, 20000) n`);
    const pairs: TableSpec = { name: 'things', key: ['b', 'a'] };
    await setting.extract([pairs]);
    await setting.write(`delete from things where n in (1, 777)`);
    const [result] = await setting.extract([pairs], { kind: 'incremental' });
    expect(result).toMatchObject({ mode: 'incremental', rows: 0, deletedRows: 2 });
    expect(result!.bytes).toBeLessThan(6000);
    expect(
      await setting.read(`select a, b from staging.shop_things where _source_deleted_at is not null order by n`),
    ).toEqual([
      ['1', 'x0'],
      ['77', 'x7'],
    ]);
  });

  test('are found in partitions', async () => {
    await setting.write(`create table things (id int primary key, n int) partition by range (id);
      create table low partition of things for values from (minvalue) to (10000);
      create table high partition of things for values from (10000) to (maxvalue);
      insert into things select n, n from generate_series(1, 20000) n`);
    await setting.extract([things]);
    await setting.write(`delete from things where id in (9999, 10000)`);
    const [result] = await setting.extract([things], { kind: 'incremental' });
    expect(result).toMatchObject({ mode: 'incremental', rows: 0, deletedRows: 2 });
    expect(keysOf(result, 4)).toBeLessThan(200);
    expect(await gone()).toEqual([['9999'], ['10000']]);
  });

  test('may be none, or all', async () => {
    await setting.write(`create table things (id bigint primary key, n int)`);
    expect(await setting.extract([things])).toMatchObject([{ rows: 0 }]);
    expect(await setting.extract([things])).toMatchObject([{ rows: 0, deletedRows: 0, bytes: frame }]);
    await setting.write(`insert into things select n, n from generate_series(1, 5000) n`);
    expect(await setting.extract([things])).toMatchObject([{ mode: 'incremental', rows: 5000, deletedRows: 0 }]);
    await setting.write(`delete from things`);
    const [result] = await setting.extract([things]);
    expect(result).toMatchObject({ mode: 'incremental', rows: 0, deletedRows: 5000 });
    expect(keysOf(result, 8)).toBe(0);
    await setting.write(`insert into things values (3, 3)`);
    await setting.extract([things]);
    expect(await setting.read(`select id from staging.shop_things where _source_deleted_at is null`)).toEqual([['3']]);
  });

  test('are told apart from those that are forgotten', async () => {
    await setting.write(`create table things (id bigint primary key, n int);
      insert into things select n, n from generate_series(1, 5000) n`);
    await setting.extract([things]);
    await setting.adapter.withSession((session) =>
      session.query(`delete from staging.shop_things where id = 5;
        insert into chemflow.tombstones (source_name, source_table, key, run_id) values ('shop', 'things', '5', gen_random_uuid())`),
    );
    try {
      expect(await setting.extract([things])).toMatchObject([{ rows: 0, deletedRows: 0, bytes: frame }]);
      await setting.write(`delete from things where id = 6`);
      expect(await setting.extract([things])).toMatchObject([{ mode: 'incremental', rows: 0, deletedRows: 1 }]);
      expect(await gone()).toEqual([['6']]);
    } finally {
      await setting.adapter.withSession((session) => session.query('truncate chemflow.tombstones'));
    }
  });
});

describe('as many keys as before', () => {
  test('are not taken for the same ones where a cursor may have missed rows', async () => {
    await setting.write(`create table base (id bigint primary key, n int, at timestamptz);
      insert into base select n, n, '2026-01-01' from generate_series(1, 8) n;
      create view things as select * from base`);
    const view: TableSpec = { name: 'things', cursor: 'at' };
    await setting.extract([view]);
    await setting.write(`delete from base where id = 5; insert into base values (9, 9, '2025-01-01')`);
    const [result] = await setting.extract([view]);
    expect(result).toMatchObject({
      mode: 'full',
      deletedRows: 1,
      message: 'read in full: staging lacked rows that the source has',
    });
    expect(await gone()).toEqual([['5']]);
  });

  test('are not taken for the same ones where the source does not keep the key unique', async () => {
    await setting.write(`create table things (id int, n int); insert into things values (1, 1), (2, 2)`);
    await setting.extract([things]);
    await setting.write(`delete from things where id = 2; insert into things values (1, 1)`);
    expect(await setting.extract([things])).toMatchObject([{ mode: 'incremental', deletedRows: 1 }]);
    expect(await gone()).toEqual([['2']]);

    await setting.reset();
    await setting.write(`create table things (id int primary key, n int); create table child () inherits (things);
      insert into things values (1, 1), (2, 2)`);
    await setting.extract([things]);
    await setting.write(`delete from things where id = 2; insert into child values (1, 1)`);
    expect(await setting.extract([things])).toMatchObject([{ mode: 'incremental', deletedRows: 1 }]);
    expect(await gone()).toEqual([['2']]);
  });

  test('are not taken for the same ones where policies show other rows', async () => {
    const role = `viewer_${setting.source.settings.database}`;
    await setting.write(`create table things (id int primary key, n int, team text);
      insert into things values (1, 1, 'red'), (2, 2, 'blue');
      create role ${role} login password 'viewer'; grant select on things to ${role};
      alter table things enable row level security;
      create policy shown on things for select to ${role} using (team = 'red')`);
    const viewer = createAdapter(
      { ...setting.source.settings, name: 'shop', user: role, password: 'viewer' },
      { readOnly: true },
    );
    const sources = { shop: viewer };
    await setting.extract([things], undefined, { sources });
    await setting.write(
      `drop policy shown on things; create policy shown on things for select to ${role} using (team = 'blue')`,
    );
    expect(await setting.extract([things], undefined, { sources })).toMatchObject([{ mode: 'full', deletedRows: 1 }]);
    expect(await setting.read(`select id, _source_deleted_at is null from staging.shop_things order by id`)).toEqual([
      ['1', 'f'],
      ['2', 't'],
    ]);
    await viewer.close();
    await setting.write(`drop owned by ${role}; drop role ${role}`);
  });
});

describe('servers that hash a key otherwise', () => {
  test('make all keys travel, and no row is taken for gone that is not', async () => {
    const database = `latin_${setting.source.settings.database}`;
    await administer(server, `create database ${database} template template0 encoding 'LATIN1' locale 'C'`);
    const settings = { ...setting.source.settings, database, name: 'shop' };
    const latin = createAdapter(settings, { readOnly: true });
    const sources = { shop: latin };
    await queryOnce(
      settings,
      `set client_encoding = 'UTF8'; create table things (id text primary key, n int); insert into things select 'é' || n, n from generate_series(1, 5000) n`,
    );
    await setting.extract([things], undefined, { sources });
    expect(await setting.extract([things], undefined, { sources })).toMatchObject([{ deletedRows: 0, bytes: frame }]);
    await queryOnce(settings, `delete from things where n in (3, 4)`);
    const [result] = await setting.extract([things], undefined, { sources });
    expect(result).toMatchObject({ mode: 'incremental', rows: 0, deletedRows: 2 });
    expect(result!.bytes).toBeGreaterThan(4998 * 8);
    expect(await gone()).toEqual([['é3'], ['é4']]);
    await latin.close();
    await administer(server, `drop database ${database} with (force)`);
  });
});

describe('after any inserts, deletes and returns', () => {
  const keys = {
    integer: { type: 'int', of: (n: number) => String((n - 30) * 977) },
    uuid: { type: 'uuid', of: (n: number) => `md5('${n}')::uuid` },
    text: { type: 'text', of: (n: number) => `'key ${n}'` },
    moment: {
      type: 'timestamptz',
      of: (n: number) => `timestamptz '2026-01-01 00:00+00' + ${n} * interval '7 minutes'`,
    },
  };
  const step = fc.record({ remove: fc.array(fc.nat({ max: 59 })), add: fc.array(fc.nat({ max: 59 })) });

  test('staging has exactly the source’s keys as present, of whatever type they are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.values(keys)),
        fc.array(step, { minLength: 2, maxLength: 5 }),
        async ({ type, of }, steps) => {
          await setting.reset();
          const list = (numbers: readonly number[]): string => numbers.map((n) => `(${of(n)}, ${n})`).join(', ');
          // More rows beside them, so that there are buckets.
          const others = Array.from({ length: 400 }, (_, n) => n + 60);
          await setting.write(
            `create table things (id ${type} primary key, n int); insert into things values ${list(others)}`,
          );
          await setting.extract([things]);
          for (const { remove, add } of steps) {
            if (remove.length > 0) await setting.write(`delete from things where n in (${remove.join()})`);
            if (add.length > 0)
              await setting.write(`insert into things values ${list(add)} on conflict (id) do nothing`);
            expect(await setting.extract([things])).toMatchObject([{ status: 'success', mode: 'incremental' }]);
            const source = await setting.sourceAdapter.withSession((session) =>
              session.query('select n from things order by n'),
            );
            expect(
              await setting.read('select n from staging.shop_things where _source_deleted_at is null order by n'),
            ).toEqual(source.rows);
          }
        },
      ),
      { numRuns: 12 },
    );
  });
});
