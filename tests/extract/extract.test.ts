import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAdapter } from '../../src/adapter/index.js';
import type { RunEvent } from '../../src/types/index.js';
import { createQuietServer, type TestServer } from '../support/database.js';
import { createSetting, type Setting } from './setting.js';

let server: TestServer;
let setting: Setting;
const monday = new Date('2026-03-02T08:00:00.000Z');
const tuesday = new Date('2026-03-03T08:00:00.000Z');
const [mondayText, tuesdayText] = ['2026-03-02 08:00:00+00', '2026-03-03 08:00:00+00'];

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

const people = { name: 'people' };
const createPeople = `
  create table people (id bigint primary key, name text, born date, note json, price numeric(10,2));
  insert into people select n, 'name ' || n, '2000-01-01', '{"a": 1}', n from generate_series(1, 1000) n;`;

describe('a first load', () => {
  test('copies every row, with the source’s exact types, a key and chemflow’s two columns', async () => {
    await setting.write(createPeople);
    const [result] = await setting.extract([people], undefined, { startedAt: monday });
    expect(result).toMatchObject({ status: 'success', mode: 'full', rows: 1000, deletedRows: 0, message: null });
    expect(result!.bytes).toBeGreaterThan(10_000);
    const columns = await setting.read(
      `select attname, format_type(atttypid, atttypmod), atthasdef from pg_attribute where attrelid = 'staging.shop_people'::regclass and attnum > 0 order by attnum`,
    );
    expect(columns).toEqual([
      ['id', 'bigint', 'f'],
      ['name', 'text', 'f'],
      ['born', 'date', 'f'],
      ['note', 'json', 'f'],
      ['price', 'numeric(10,2)', 'f'],
      ['_synced_at', 'timestamp with time zone', 'f'],
      ['_source_deleted_at', 'timestamp with time zone', 'f'],
    ]);
    expect(
      await setting.read(
        `select count(*), min(_synced_at), max(_synced_at), count(_source_deleted_at) from staging.shop_people`,
      ),
    ).toEqual([['1000', mondayText, mondayText, '0']]);
    expect(
      await setting.read(`select contype from pg_constraint where conrelid = 'staging.shop_people'::regclass`),
    ).toContainEqual(['p']);
  });

  test('writes rows that everybody can see as they are, so that nobody has to write on their pages again', async () => {
    await setting.write(createPeople);
    await setting.extract([people]);
    // What ANALYZE found in the table's visibility map: only COPY ... FREEZE or a VACUUM sets it, and none has run here.
    expect(
      await setting.read(`select relpages > 0, relallvisible = relpages, (select count(*) from staging.shop_people)
        from pg_class where oid = 'staging.shop_people'::regclass`),
    ).toEqual([['t', 't', '1000']]);
  });

  test('turns types that the warehouse lacks into text, and keeps what text is hard on', async () => {
    await setting.write(`
      create type mood as enum ('happy', 'sad');
      create domain email as text check (value like '%@%');
      create type place as (street text, number int);
      create table odd (id int primary key, mood mood, moods mood[], email email, place place, words text[], doc tsvector,
        at timestamptz, raw bytea, span interval, gen int generated always as (id * 2) stored, reg regclass);
      insert into odd (id, mood, moods, email, place, words, doc, at, raw, span, reg) values
        (1, 'sad', '{happy,sad}', 'a@b', row('x "y"', 3), array['a', null, E'tab\\t \\\\ "q"', ''], 'fat cat', '2020-01-01 00:00:00.123456+06', '\\x00ff', '1 mon 2 days', 'odd'),
        (2, null, null, null, null, null, null, 'infinity', null, null, null);`);
    const results = await setting.extract([{ name: 'odd' }]);
    expect(results).toMatchObject([{ status: 'success', rows: 2 }]);
    expect(
      await setting.read(
        `select pg_typeof(mood), pg_typeof(moods), pg_typeof(email), pg_typeof(place), pg_typeof(words), pg_typeof(doc), pg_typeof(gen), pg_typeof(reg) from staging.shop_odd limit 1`,
      ),
    ).toEqual([['text', 'text', 'text', 'text', 'text[]', 'tsvector', 'integer', 'text']]);
    expect(
      await setting.read(
        `select mood, moods, email, place, words[3], doc, at at time zone 'UTC', raw, span, gen, reg from staging.shop_odd order by id`,
      ),
    ).toEqual([
      [
        'sad',
        '{happy,sad}',
        'a@b',
        '("x ""y""",3)',
        'tab\t \\ "q"',
        `'cat' 'fat'`,
        '2019-12-31 18:00:00.123456',
        '\\x00ff',
        '1 mon 2 days',
        '2',
        'odd',
      ],
      [null, null, null, null, null, null, 'infinity', null, null, '4', null],
    ]);
  });

  test('gives declared columns that the source lacks, and leaves excluded ones out', async () => {
    await setting.write(
      `create table votes (id int primary key, secret text, score int); insert into votes values (1, 'x', 2)`,
    );
    await setting.extract([
      {
        name: 'votes',
        exclude: ['secret'],
        soft_delete: 'deleted_at',
        declared: { id: undefined, deleted_at: undefined, extra: 'integer', secret: undefined },
      },
    ]);
    expect(
      await setting.read(
        `select string_agg(attname || ' ' || format_type(atttypid, null), ', ' order by attnum) from pg_attribute where attrelid = 'staging.shop_votes'::regclass and attnum > 0`,
      ),
    ).toEqual([
      [
        'id integer, score integer, deleted_at timestamp with time zone, extra integer, _synced_at timestamp with time zone, _source_deleted_at timestamp with time zone',
      ],
    ]);
  });

  test('reads children, partitions, views and empty tables', async () => {
    await setting.write(`
      create table parent (id int, v text); create table child () inherits (parent);
      insert into parent values (1, 'p'); insert into child values (2, 'c');
      create table split (id int primary key) partition by range (id);
      create table split_1 partition of split for values from (0) to (10); insert into split values (1), (2);
      create view looked as select id, v from parent;
      create table nothing (id int primary key);`);
    const results = await setting.extract([
      { name: 'parent' },
      { name: 'split' },
      { name: 'looked' },
      { name: 'nothing' },
    ]);
    expect(results.map(({ status, rows }) => [status, rows])).toEqual([
      ['success', 2],
      ['success', 2],
      ['success', 2],
      ['success', 0],
    ]);
    await setting.write(`insert into split values (3); delete from child`);
    const again = await setting.extract([
      { name: 'parent' },
      { name: 'split' },
      { name: 'looked' },
      { name: 'nothing' },
    ]);
    expect(again.map(({ mode, rows, deletedRows }) => [mode, rows, deletedRows])).toEqual([
      ['incremental', 0, 1],
      ['incremental', 1, 0],
      ['full', 1, 1],
      ['incremental', 0, 0],
    ]);
    expect(again[2]!.message).toContain('no transaction ids');
  });

  test('says in words that a key is none', async () => {
    await setting.write(`create table twice (id int); insert into twice values (1), (1)`);
    const [result] = await setting.extract([{ name: 'twice' }]);
    expect(result).toMatchObject({ status: 'error', error: { code: 'EXTRACT.KEY' } });
    expect(result!.message).toContain('(id) is not unique in public.twice');
    expect(await setting.read(`select to_regclass('staging.shop_twice')`)).toEqual([[null]]);
    await setting.write(`create table hollow (id int); insert into hollow values (1), (null)`);
    const [other] = await setting.extract([{ name: 'hollow', key: ['id'] }]);
    expect(other).toMatchObject({ status: 'error', error: { code: 'EXTRACT.KEY' } });
    expect(other!.message).toContain('(id) has nulls in public.hollow');
  });
});

describe('an increment', () => {
  beforeEach(async () => {
    await setting.write(createPeople);
    await setting.extract([people], undefined, { startedAt: monday });
  });

  test('brings what was inserted, updated, deleted, and touches nothing else', async () => {
    await setting.write(`
      insert into people values (1001, 'new', null, null, 1);
      update people set name = 'other' where id = 5;
      update people set name = name where id = 6;
      delete from people where id in (7, 8);`);
    const [result] = await setting.extract([people], { kind: 'incremental' }, { startedAt: tuesday });
    expect(result).toMatchObject({ status: 'success', mode: 'incremental', rows: 3, deletedRows: 2 });
    expect(
      await setting.read(
        `select id, name, _source_deleted_at from staging.shop_people where _synced_at = '${tuesday.toISOString()}' order by id`,
      ),
    ).toEqual([
      ['5', 'other', null],
      ['7', 'name 7', tuesdayText],
      ['8', 'name 8', tuesdayText],
      ['1001', 'new', null],
    ]);
    expect(
      await setting.read(`select count(*) from staging.shop_people where _synced_at = '${monday.toISOString()}'`),
    ).toEqual([['997']]);
    expect(
      await setting.read(
        `select mode, rows_read, rows_written, rows_deleted from chemflow.extractions order by run_started_at`,
      ),
    ).toEqual([
      ['full', '1000', '1000', '0'],
      ['incremental', '3', '2', '2'],
    ]);
  });

  test('sees a change of form that is equal in value, and of a type without equality', async () => {
    await setting.write(`update people set note = '{"a":1}' where id = 1; update people set price = 2.0 where id = 2`);
    await setting.extract([people], undefined, { startedAt: tuesday });
    expect(
      await setting.read(`select id from staging.shop_people where _synced_at = '${tuesday.toISOString()}'`),
    ).toEqual([['1']]);
  });

  test('undeletes a row that comes back', async () => {
    await setting.write(`delete from people where id = 1`);
    await setting.extract([people]);
    await setting.write(`insert into people values (1, 'name 1', '2000-01-01', '{"a": 1}', 1)`);
    await setting.extract([people]);
    expect(await setting.read(`select count(*) from staging.shop_people where _source_deleted_at is not null`)).toEqual(
      [['0']],
    );
  });

  test('finds rows whose transaction began before an extraction and ended after it', async () => {
    const lateAdapter = createAdapter(setting.source.settings);
    const late = await lateAdapter.open('late');
    await late.query(`begin; insert into people values (2000, 'late', null, null, 1)`);
    await setting.write(`insert into people values (2001, 'soon', null, null, 1)`);
    await setting.extract([people]);
    await late.query('commit');
    await late.close();
    await setting.extract([people]);
    expect(await setting.read(`select id from staging.shop_people where id >= 2000 order by id`)).toEqual([
      ['2000'],
      ['2001'],
    ]);
  });

  test('adds columns with their defaults for old rows, keeps dropped ones, and widens types', async () => {
    await setting.write(
      `alter table people add column city text default 'Dhaka', drop column born, alter column price type numeric(12,2)`,
    );
    const [result] = await setting.extract([people]);
    expect(result).toMatchObject({ mode: 'full', message: 'read in full: its columns have changed' });
    await setting.write(`insert into people (id, name) values (3000, 'x')`);
    await setting.extract([people]);
    expect(
      await setting.read(
        `select id, born, city, pg_typeof(price) from staging.shop_people where id in (1, 3000) order by id`,
      ),
    ).toEqual([
      ['1', '2000-01-01', 'Dhaka', 'numeric'],
      ['3000', null, 'Dhaka', 'numeric'],
    ]);
  });

  test('keeps the wider type where the source has a narrower one', async () => {
    await setting.write(`alter table people alter column id type int`);
    expect(await setting.extract([people])).toMatchObject([{ status: 'success' }]);
    expect(await setting.read(`select distinct pg_typeof(id) from staging.shop_people`)).toEqual([['bigint']]);
  });

  test('widens a column under views, which keep what they are and what stands on them', async () => {
    await setting.write(`alter table people add column code varchar(3) default 'abc'`);
    await setting.extract([people]);
    await setting.adapter.withSession((session) =>
      session.query(
        `create role reader_of_codes;
         create view staging.lengths with (security_barrier = true) as select id, length(code) as length from staging.shop_people;
         create materialized view staging.summary as select sum(length) as total from staging.lengths;
         create view staging.codes as select id, code from staging.shop_people;
         comment on column staging.codes.code is 'as it is';
         grant select on staging.codes to reader_of_codes`,
      ),
    );
    await setting.write(
      `alter table people alter column code type varchar(9); update people set code = 'abcdefghi' where id = 1`,
    );
    expect(await setting.extract([people])).toMatchObject([{ status: 'success' }]);
    expect(
      await setting.read(
        `select l.length, c.code, format_type(a.atttypid, a.atttypmod), col_description('staging.codes'::regclass, a.attnum),
                has_table_privilege('reader_of_codes', 'staging.codes', 'select'), r.reloptions,
                (select count(*) from pg_class where oid = 'staging.summary'::regclass)
         from staging.lengths l join staging.codes c using (id)
         join pg_attribute a on a.attrelid = 'staging.codes'::regclass and a.attname = 'code'
         join pg_class r on r.oid = 'staging.lengths'::regclass where id = 1`,
      ),
    ).toEqual([['9', 'abcdefghi', 'character varying(9)', 'as it is', 't', '{security_barrier=true}', '1']]);
    await setting.adapter.withSession((session) =>
      session.query(
        `drop materialized view staging.summary; drop view staging.lengths; drop view staging.codes; drop role reader_of_codes`,
      ),
    );
  });

  test('names a view that keeps a column from being changed, and leaves all as it was', async () => {
    await setting.adapter.withSession((session) =>
      session.query(
        `create view staging.v as select note from staging.shop_people; create materialized view staging.m as select note from staging.v`,
      ),
    );
    await setting.write(`alter table people alter column note type jsonb`);
    const [result] = await setting.extract([people]);
    expect(result).toMatchObject({ status: 'error', error: { code: 'EXTRACT.SOURCE_DRIFT' } });
    expect(result!.message).toContain('note is now jsonb');
  });

  test('reads a table again that was replaced under its name', async () => {
    await setting.write(
      `create table people2 (like people including all); insert into people2 values (1, 'again', null, null, 0);`,
    );
    await setting.extract([people]);
    await setting.write(`alter table people rename to people_old; alter table people2 rename to people`);
    const [result] = await setting.extract([people]);
    expect(result).toMatchObject({ mode: 'full', rows: 1, deletedRows: 999 });
  });
});

describe('a full extraction', () => {
  test('rewrites only what differs and remembers deleted rows', async () => {
    await setting.write(createPeople);
    await setting.extract([people], undefined, { startedAt: monday });
    await setting.write(`delete from people where id = 1`);
    await setting.extract([people], undefined, { startedAt: monday });
    await setting.write(`update people set name = 'x' where id = 2; delete from people where id = 3`);
    const [result] = await setting.extract([people], { kind: 'full' }, { startedAt: tuesday });
    expect(result).toMatchObject({ mode: 'full', rows: 998, deletedRows: 1 });
    expect(
      await setting.read(
        `select id, _source_deleted_at from staging.shop_people where _source_deleted_at is not null or _synced_at = '${tuesday.toISOString()}' order by id`,
      ),
    ).toEqual([
      ['1', mondayText],
      ['2', null],
      ['3', tuesdayText],
    ]);
  });

  test('replaces a table without a key', async () => {
    await setting.write(`create table loose (v text); insert into loose values ('a'), ('a'), ('b')`);
    await setting.extract([{ name: 'loose', key: [] }]);
    await setting.write(`delete from loose where v = 'a'`);
    const [result] = await setting.extract([{ name: 'loose', key: [] }]);
    expect(result).toMatchObject({ rows: 1, deletedRows: 2, message: 'replaced: it has no key' });
    expect(await setting.read('select v from staging.shop_loose')).toEqual([['b']]);
  });

  test('of a few rows leaves no watermark, so that the next run reads all', async () => {
    await setting.write(createPeople);
    expect(await setting.extract([people], { kind: 'auto', limitRows: 10 })).toMatchObject([
      { rows: 10, status: 'success' },
    ]);
    expect(await setting.extract([people])).toMatchObject([{ rows: 1000, mode: 'full' }]);
    expect(await setting.read('select count(*) from staging.shop_people')).toEqual([['1000']]);
  });
});

describe('a range of days', () => {
  const events = { name: 'events', cursor: 'at' };
  test('reads the rows of local days again, and finds those deleted in them', async () => {
    await setting.write(`
      create table events (id int primary key, at timestamptz, v text);
      insert into events values (1, '2026-01-01 17:59:59+00', 'a'), (2, '2026-01-01 18:00:00+00', 'a'),
        (3, '2026-01-02 17:59:59+00', 'a'), (4, '2026-01-02 18:00:00+00', 'a'), (5, null, 'a')`);
    await setting.extract([events], undefined, { startedAt: monday });
    await setting.write(`delete from events where id in (1, 3); update events set v = 'b'`);
    const [result] = await setting.extract(
      [events],
      { kind: 'range', start: '2026-01-02', end: '2026-01-02' },
      { timezone: 'Asia/Dhaka', startedAt: tuesday },
    );
    expect(result).toMatchObject({ mode: 'date range', rows: 1, deletedRows: 1 });
    expect(
      await setting.read(`select id, v, _source_deleted_at is not null from staging.shop_events order by id`),
    ).toEqual([
      ['1', 'a', 'f'],
      ['2', 'b', 'f'],
      ['3', 'a', 't'],
      ['4', 'a', 'f'],
      ['5', 'a', 'f'],
    ]);
    await setting.extract([events]);
    expect(
      await setting.read(`select string_agg(v, '' order by id), count(_source_deleted_at) from staging.shop_events`),
    ).toEqual([['ababb', '2']]);
  });

  test('is refused where nothing was extracted before, as an increment is', async () => {
    await setting.write(`create table events (id int primary key, at timestamptz)`);
    for (const mode of [{ kind: 'range', start: '2026-01-01' }, { kind: 'incremental' }] as const)
      expect(await setting.extract([events], mode)).toMatchObject([
        { status: 'error', error: { code: 'EXTRACT.NOTHING_TO_ADD_TO' } },
      ]);
  });

  test('leaves a table without a cursor alone', async () => {
    await setting.write(createPeople);
    await setting.extract([people]);
    expect(await setting.extract([people], { kind: 'range', start: '2026-01-01' })).toMatchObject([
      { status: 'skipped', message: 'left alone: it has no cursor column to choose days by' },
    ]);
  });
});

describe('a table that does not arrive', () => {
  test('is named, whatever it lacks, and the others still arrive', async () => {
    await setting.write(createPeople);
    const role = `reader_${setting.source.settings.database}`;
    await setting.write(
      `create table hidden (id int primary key); create role ${role} login password 'reader'; grant select on people to ${role}`,
    );
    const reader = createAdapter(
      { ...setting.source.settings, name: 'shop', user: role, password: 'reader' },
      { readOnly: true },
    );
    const results = await setting.extract(
      [
        { name: 'peopel' },
        { name: 'hidden' },
        people,
        { name: 'people', key: ['nope'] },
        { name: 'x', connection: 'elsewhere' },
      ],
      undefined,
      { sources: { shop: reader } },
    );
    expect(results.map(({ status }) => status)).toContain('success');
    const errors = setting.events.flatMap((event) =>
      event.kind === 'extract-end' && event.result.error !== undefined ? [event.result] : [],
    );
    expect(errors.map(({ error }) => (error as { code: string }).code).sort()).toEqual([
      'EXTRACT.MISSING_COLUMN',
      'EXTRACT.MISSING_TABLE',
      'EXTRACT.NO_CONNECTION',
      'EXTRACT.PRIVILEGE',
    ]);
    expect(errors.find(({ error }) => (error as { code: string }).code === 'EXTRACT.MISSING_TABLE')).toMatchObject({
      error: { hint: 'did you mean "people"?', place: { file: 'sources.yml', line: 7 } },
    });
    expect(errors.find(({ error }) => (error as { code: string }).code === 'EXTRACT.PRIVILEGE')?.message).toBe(
      'shop.hidden: the user of connection shop may not read public.hidden.',
    );
    expect(await setting.read('select count(*) from chemflow.source_clocks')).toEqual([['0']]);
    await reader.close();
    await setting.write(`drop owned by ${role}; drop role ${role}`);
  });

  test('leaves staging and watermark as they were when the source fails midway', async () => {
    await setting.write(`create table t (id int primary key, d int); insert into t select n, n from generate_series(1, 100000) n;
      create view shaky as select id, 100 / (d - 90000) as v from t`);
    await setting.write(`update t set d = 0 where d = 90000`);
    await setting.extract([{ name: 'shaky' }], undefined, { startedAt: monday });
    const before = await setting.state.watermarks('staging');
    await setting.write(`update t set d = 90000 where d = 0`);
    const [result] = await setting.extract([{ name: 'shaky' }], undefined, { startedAt: tuesday });
    expect(result).toMatchObject({ status: 'error', error: { code: 'SQL.22012' } });
    expect(await setting.state.watermarks('staging')).toEqual(before);
    expect(await setting.read('select count(*), max(_synced_at) from staging.shop_shaky')).toEqual([
      ['100000', mondayText],
    ]);
  });

  test('is named when the source ends its session in the middle, and the next extraction is whole', async () => {
    await setting.write(`create table t (id int primary key);
      create view endless as select generate_series(1, 100000000) as id, repeat('x', 1000) as v`);
    let ending: Promise<void> | undefined;
    const onEvent = (event: RunEvent): void => {
      if (event.kind !== 'extract-progress' || event.rows === 0) return;
      ending ??= setting.write(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and application_name like 'chemflow extract%' and query like 'copy%endless%'`,
      );
    };
    const results = await setting.extract([{ name: 'endless' }, { name: 't' }], undefined, { onEvent });
    await ending;
    // What is seen first, the server's farewell or the end of the connection, is left to the network.
    expect(results[0]?.message).toMatch(/^shop\.endless: .*connection shop/i);
    expect(results[1]?.status).toBe('success');
    expect(await setting.read(`select to_regclass('staging.shop_endless')`)).toEqual([[null]]);
    await setting.write(`create or replace view endless as select generate_series(1, 3) as id, text 'x' as v`);
    expect(await setting.extract([{ name: 'endless' }, { name: 't' }])).toMatchObject([
      { status: 'success', rows: 3 },
      { status: 'success', rows: 0 },
    ]);
  });

  test('is not filled from another database of the same name', async () => {
    await setting.write(createPeople);
    await setting.extract([people]);
    const other = await createSetting(createPeople, server);
    await other.write(`update people set name = 'stranger'`);
    const [result] = await setting.extract([people], undefined, { sources: { shop: other.sourceAdapter } });
    expect(result).toMatchObject({ status: 'error', error: { code: 'EXTRACT.SOURCE_CHANGED' } });
    expect(await setting.read(`select count(*) from staging.shop_people where name = 'stranger'`)).toEqual([['0']]);
    await other.drop();
  });
});

describe('an interruption', () => {
  test('stops a copy that would go on for longer than a test may take, and leaves nothing of it', async () => {
    await setting.write(`create view endless as select generate_series(1, 100000000) as id, repeat('x', 1000) as v`);
    const controller = new AbortController();
    const warehouse = createAdapter(setting.warehouse.settings);
    const source = createAdapter({ ...setting.source.settings, name: 'shop' }, { readOnly: true });
    const onEvent = (event: RunEvent): void => {
      if (event.kind !== 'extract-progress' || event.rows === 0) return;
      controller.abort();
    };
    await expect(
      setting.extract([{ name: 'endless' }], undefined, {
        signal: controller.signal,
        warehouse,
        sources: { shop: source },
        onEvent,
      }),
    ).rejects.toMatchObject({ code: 'RUN.INTERRUPTED' });
    expect(await setting.read(`select to_regclass('staging.shop_endless')`)).toEqual([[null]]);
    await Promise.all([warehouse.close(), source.close()]);
  });
});

describe('source clocks', () => {
  test('are what the clock query says, once all tables arrived, and stay when some days are read again', async () => {
    await setting.write(createPeople);
    const clock = (day: string): { clockQuery: string } => ({ clockQuery: `select timestamptz '${day} 12:00+00'` });
    await setting.extract([people], undefined, { startedAt: monday, ...clock('2020-01-01') });
    const clocks = `select staging_schema, source_name, clock, run_started_at from chemflow.source_clocks`;
    expect(await setting.read(clocks)).toEqual([
      ['staging', 'shop', '2020-01-01 12:00:00+00', '2020-01-01 12:00:00+00'],
    ]);
    await setting.extract([people, { name: 'missing' }], undefined, { startedAt: tuesday, ...clock('2020-01-02') });
    await setting.extract(
      [people],
      { kind: 'range', start: '2020-01-01' },
      { startedAt: tuesday, ...clock('2020-01-02') },
    );
    expect(await setting.read(clocks)).toEqual([
      ['staging', 'shop', '2020-01-01 12:00:00+00', '2020-01-01 12:00:00+00'],
    ]);
    await setting.extract([people], undefined, { startedAt: tuesday, ...clock('2020-01-02') });
    expect(await setting.read(clocks)).toEqual([
      ['staging', 'shop', '2020-01-02 12:00:00+00', '2020-01-02 12:00:00+00'],
    ]);
  });

  test('that lag behind the machine give the run its start, and those that are ahead do not', async () => {
    await setting.write(createPeople);
    const synced = `select distinct _synced_at from staging.shop_people`;
    await setting.extract([people], undefined, {
      startedAt: monday,
      clockQuery: `select timestamptz '2019-05-01 08:00+00'`,
    });
    expect(await setting.read(synced)).toEqual([['2019-05-01 08:00:00+00']]);
    await setting.write(`update people set name = 'later'`);
    await setting.extract([people], undefined, {
      startedAt: tuesday,
      clockQuery: `select timestamptz '2999-01-01 00:00+00'`,
    });
    expect(await setting.read(synced)).toEqual([[tuesdayText]]);
  });
});
