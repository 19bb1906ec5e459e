import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askDuckdb, openExportProject, type ExportProject } from './export-project.js';

const longText = 'ü🚀,"\n'.repeat(100_000);

const setup = `
create type raw.mood as enum ('glad', 'sad');
create domain raw.grade as numeric(5,1);
create table raw.kinds (
  id bigint, flag boolean, small smallint, whole integer, price numeric(12,2), exact numeric(38,10), loose numeric, huge numeric,
  ratio double precision, single real, day date, local timestamp, moment timestamptz, clock time, key uuid, words text, doc jsonb,
  bytes bytea, tags text[], amounts numeric[], flags boolean[], moments timestamptz[], nothing text, grade raw.grade, mood raw.mood, span interval
);
insert into raw.kinds values
  (1, true, 32767, 2147483647, 12.50, 1234567890123456789012345678.0123456789, 0.125, 1e40, 0.1, 1.5, '2024-02-29', '2024-02-29 12:00:00.123456',
   '2024-02-29 23:30:00.000001+05:30', '23:59:59.999999', '0190c8b6-8f4e-7cc3-9f0a-2f1a3a0b4c5d', E'a,"b"\\r\\nc\\t\\\\ 🚀', '{"n": 12345678901234567890.5, "a": [1, null], "t": "é"}',
   '\\x00ff', array['a', null, '', 'NULL', 'x,"y"\\z', '🚀'], array[1.50, null, 2.25], array[true, null], array['2024-01-01 00:00+00'::timestamptz], null, 9999.5, 'glad', '1 day 02:00'),
  (2, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null),
  (9223372036854775807, false, -32768, -2147483648, -0.05, -0.0000000001, -12345, -3, 'NaN', '-Infinity', '0044-03-15 BC', '0001-01-01 00:00:00 BC', '12024-01-01 00:00+00',
   '00:00:00', '00000000-0000-0000-0000-000000000000', '', '"text"', '', '{}', '{}', '{}', '{}', null, -0.5, 'sad', '-1 mon'),
  (4, false, 0, 0, 0, 0, 0, 0, 'Infinity', 'NaN', '1970-01-01', '1970-01-01', '1970-01-01 00:00+00', '12:00', 'ffffffff-ffff-ffff-ffff-ffffffffffff', 'NULL', 'null', '\\xdeadbeef',
   array[null]::text[], array[null]::numeric[], array[null]::boolean[], array[null]::timestamptz[], null, 0, 'glad', '0'),
  (5, true, 1, 1, 1, 1, 1, 1, 1e300, 1e-10, '9999-12-31', '9999-12-31 23:59:59', '1969-12-31 23:59:59.5+00', '01:02:03', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '\\N', '[]', '\\x61',
   array['\\N'], array[12345678901234567890.12], array[false], array['0001-01-01 00:00+00'::timestamptz], null, 1, 'sad', '1 year')`;

/** Every value as a text that says it exactly, whatever the file's own type is. */
const readAll = (relation: string): string => `
select id::varchar as id, flag::varchar as flag, small::varchar as small, whole::varchar as whole, price::varchar as price, exact::varchar as exact, loose::varchar as loose, huge::varchar as huge,
  ratio::varchar as ratio, single::varchar as single, day::varchar as day, epoch_us(local)::varchar as local, epoch_us(moment)::varchar as moment, clock::varchar as clock, key::varchar as key, words,
  doc::varchar as doc, hex(bytes) as bytes, to_json(tags)::varchar as tags, to_json(amounts::varchar[])::varchar as amounts, to_json(flags)::varchar as flags,
  to_json(list_transform(moments, moment -> epoch_us(moment)))::varchar as moments, nothing, grade::varchar as grade, mood, span
from ${relation} order by id`;

const nothing = {
  flag: null,
  small: null,
  whole: null,
  price: null,
  exact: null,
  loose: null,
  huge: null,
  ratio: null,
  single: null,
  day: null,
  local: null,
  moment: null,
  clock: null,
  key: null,
  words: null,
  doc: null,
  bytes: null,
  tags: null,
  amounts: null,
  flags: null,
  moments: null,
  nothing: null,
  grade: null,
  mood: null,
  span: null,
};

const expected = [
  {
    id: '1',
    flag: 'true',
    small: '32767',
    whole: '2147483647',
    price: '12.50',
    exact: '1234567890123456789012345678.0123456789',
    loose: '0.125',
    huge: `1${'0'.repeat(40)}`,
    ratio: '0.1',
    single: '1.5',
    day: '2024-02-29',
    local: '1709208000123456',
    moment: '1709229600000001',
    clock: '23:59:59.999999',
    key: '0190c8b6-8f4e-7cc3-9f0a-2f1a3a0b4c5d',
    words: 'a,"b"\r\nc\t\\ 🚀',
    doc: '{"a": [1, null], "n": 12345678901234567890.5, "t": "é"}',
    bytes: '00FF',
    tags: '["a",null,"","NULL","x,\\"y\\"\\\\z","🚀"]',
    amounts: '["1.50",null,"2.25"]',
    flags: '[true,null]',
    moments: '[1704067200000000]',
    nothing: null,
    grade: '9999.5',
    mood: 'glad',
    span: 'P1DT2H',
  },
  { id: '2', ...nothing },
  {
    id: '4',
    flag: 'false',
    small: '0',
    whole: '0',
    price: '0.00',
    exact: '0.0000000000',
    loose: '0.000',
    huge: '0',
    ratio: 'inf',
    single: 'nan',
    day: '1970-01-01',
    local: '0',
    moment: '0',
    clock: '12:00:00',
    key: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
    words: 'NULL',
    doc: 'null',
    bytes: 'DEADBEEF',
    tags: '[null]',
    amounts: '[null]',
    flags: '[null]',
    moments: '[null]',
    nothing: null,
    grade: '0.0',
    mood: 'glad',
    span: 'PT0S',
  },
  {
    id: '5',
    flag: 'true',
    small: '1',
    whole: '1',
    price: '1.00',
    exact: '1.0000000000',
    loose: '1.000',
    huge: '1',
    ratio: '1e+300',
    single: '1e-10',
    day: '9999-12-31',
    local: '253402300799000000',
    moment: '-500000',
    clock: '01:02:03',
    key: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
    words: '\\N',
    doc: '[]',
    bytes: '61',
    tags: '["\\\\N"]',
    amounts: '["12345678901234567890.12"]',
    flags: '[false]',
    moments: '[-62135596800000000]',
    nothing: null,
    grade: '1.0',
    mood: 'sad',
    span: 'P1Y',
  },
  {
    id: '9223372036854775807',
    flag: 'false',
    small: '-32768',
    whole: '-2147483648',
    price: '-0.05',
    exact: '-0.0000000001',
    loose: '-12345.000',
    huge: '-3',
    ratio: 'nan',
    single: '-inf',
    day: '0044-03-15 (BC)',
    local: '-62167219200000000',
    moment: '317273587200000000',
    clock: '00:00:00',
    key: '00000000-0000-0000-0000-000000000000',
    words: '',
    doc: '"text"',
    bytes: '',
    tags: '[]',
    amounts: '[]',
    flags: '[]',
    moments: '[]',
    nothing: null,
    grade: '-0.5',
    mood: 'sad',
    span: 'P-1M',
  },
];

const withoutWide = (row: Readonly<Record<string, unknown>>): object => ({
  ...row,
  exact: '',
  doc: '',
  amounts: String(row['amounts']).slice(0, 12),
});

describe('the formats of an export', () => {
  let shop: ExportProject;

  beforeAll(async () => {
    shop = await openExportProject(
      {
        'models/kinds.sql': 'select * from raw.kinds\n',
        'models/empty.sql': 'select * from raw.kinds where false\n',
        'models/long.sql': 'select * from raw.long\n',
        'models/one.sql': 'select * from raw.one\n',
        'models/endless.sql': 'select * from raw.endless\n',
        'models/square.sql': 'select * from raw.square\n',
        'models/models.yml': `version: 2\nmodels:\n  - name: kinds\n    config: { unique_key: id }\n`,
      },
      `${setup};
       create table raw.long as select id, repeat(U&'\\00fc\\+01F680,"' || E'\\n', 100000) as words from generate_series(1, 3) as id;
       create table raw.one (word text); insert into raw.one values ('a'), (null);
       create table raw.endless (moment timestamptz); insert into raw.endless values ('infinity');
       create table raw.square (numbers int[]); insert into raw.square values ('{{1,2},{3,NULL}}'), ('[0:1]={5,6}')`,
    );
    const ended = await shop.project.call(['run']);
    expect(ended.stderr).not.toContain('ERROR');
    expect(ended.exitCode).toBe(0);
  });
  afterAll(() => shop.remove());

  const exportTo = async (folder: string, format: string, ...models: readonly string[]): Promise<string> => {
    const ended = await shop.project.call(['export', '--select', ...models, '--format', format, '--out', folder]);
    expect(ended.stderr).not.toContain('error');
    expect(ended.exitCode).toBe(0);
    return join(shop.project.folder, folder);
  };
  const load = (folder: string, name: string): string => shop.read(join(folder, `${name}.load.sql`));

  it('keeps every value of every type in Parquet, as DuckDB reads it', async () => {
    const folder = await exportTo('parquet', 'parquet', 'kinds');
    const rows = await askDuckdb(folder, load('parquet', 'public.kinds.parquet'), readAll('"public.kinds"'));
    expect(rows).toEqual(expected);
  });

  it('gives Parquet columns the types that they have in PostgreSQL', async () => {
    const folder = await exportTo('parquet', 'parquet', 'kinds');
    const types = await askDuckdb(folder, `describe select * from 'public.kinds.parquet'`);
    expect(Object.fromEntries(types.map((row) => [row['column_name'], row['column_type']]))).toEqual({
      id: 'BIGINT',
      flag: 'BOOLEAN',
      small: 'SMALLINT',
      whole: 'INTEGER',
      price: 'DECIMAL(12,2)',
      exact: 'DECIMAL(38,10)',
      loose: 'DECIMAL(38,3)',
      huge: 'VARCHAR',
      ratio: 'DOUBLE',
      single: 'FLOAT',
      day: 'DATE',
      local: 'TIMESTAMP',
      moment: 'TIMESTAMP WITH TIME ZONE',
      clock: 'TIME',
      key: 'UUID',
      words: 'VARCHAR',
      doc: 'JSON',
      bytes: 'BLOB',
      tags: 'VARCHAR[]',
      amounts: 'DECIMAL(38,2)[]',
      flags: 'BOOLEAN[]',
      moments: 'TIMESTAMP WITH TIME ZONE[]',
      nothing: 'VARCHAR',
      grade: 'DECIMAL(5,1)',
      mood: 'VARCHAR',
      span: 'VARCHAR',
    });
  });

  it('writes a CSV after RFC 4180 in which null and the empty text differ', async () => {
    await exportTo('csv', 'csv', 'kinds');
    const lines = shop.read('csv/public.kinds.csv').split('\r\n');
    expect(lines[0]).toMatch(/^id,flag,small,whole,price/);
    expect(lines.find((line) => line.startsWith('2,'))).toBe(`2${','.repeat(25)}`);
    const last = lines.find((line) => line.startsWith('9223372036854775807,'));
    expect(last).toContain(
      '-Infinity,-000043-03-15,0000-01-01T00:00:00,+012024-01-01T00:00:00+00:00,00:00:00,00000000-0000-0000-0000-000000000000,"","""text""","",[],[],[],[],,-0.5',
    );
  });

  it('writes JSON Lines with all digits of a number and moments in ISO 8601', async () => {
    await exportTo('jsonl', 'jsonl', 'kinds');
    const [first = '', second = ''] = shop.read('jsonl/public.kinds.jsonl').split('\n');
    expect(first).toContain('"exact":1234567890123456789012345678.0123456789,');
    expect(first).toContain('"doc":{"a": [1, null], "n": 12345678901234567890.5, "t": "é"}');
    expect(first).toContain('"moment":"2024-02-29T18:00:00.000001+00:00"');
    expect(first).toContain('"amounts":[1.50,null,2.25]');
    expect(JSON.parse(second)).toEqual({ id: 2, ...nothing });
    const rest = shop.read('jsonl/public.kinds.jsonl');
    expect(rest).toContain('"id":9223372036854775807');
    expect(rest).toContain('"ratio":"NaN","single":"-Infinity"');
  });

  it.each(['csv', 'jsonl'])('loads %s into DuckDB with the types and values of PostgreSQL', async (format) => {
    // DuckDB reads no year before 1 or after 9999 from a text.
    await shop.sql(
      `update raw.kinds set day = '2000-01-01', local = '2000-01-01', moment = '2000-01-01 00:00+00' where whole < 0`,
    );
    try {
      const folder = await exportTo(format, format, 'kinds');
      const rows = await askDuckdb(folder, load(format, `public.kinds.${format}`), readAll('"public.kinds"'));
      const plain = expected.map((row) =>
        row.id.startsWith('922')
          ? { ...row, day: '2000-01-01', local: '946684800000000', moment: '946684800000000' }
          : row,
      );
      if (format === 'csv') expect(rows).toEqual(plain);
      // DuckDB takes JSON's numbers for doubles, writes json anew, and JSON has one null.
      else expect(rows.map(withoutWide)).toEqual(plain.map(withoutWide));
    } finally {
      await shop.sql(
        `update raw.kinds set day = '0044-03-15 BC', local = '0001-01-01 BC', moment = '12024-01-01 00:00+00' where whole < 0`,
      );
    }
  });

  it.each(['parquet', 'csv', 'jsonl'])('writes an empty table to %s with its columns', async (format) => {
    const folder = await exportTo('none', format, 'empty');
    const rows = await askDuckdb(folder, load('none', `public.empty.${format}`), `describe "public.empty"`);
    expect(rows.map((row) => row['column_name'])).toEqual(Object.keys({ id: '', ...nothing }));
    expect(
      await askDuckdb(
        folder,
        load('none', `public.empty.${format}`),
        `select count(*)::varchar as n from "public.empty"`,
      ),
    ).toEqual([{ n: '0' }]);
  });

  it.each(['parquet', 'csv', 'jsonl'])('carries long texts with emoji and line breaks in %s', async (format) => {
    const folder = await exportTo('long', format, 'long');
    const query =
      format === 'csv'
        ? `select words from read_csv('public.long.csv', header = true, max_line_size = 10000000, columns = {'id': 'INTEGER', 'words': 'VARCHAR'}) where id = 2`
        : format === 'jsonl'
          ? `select words from read_json('public.long.jsonl', maximum_object_size = 20000000) where id = 2`
          : `select words from 'public.long.parquet' where id = 2`;
    const [row] = await askDuckdb(folder, query);
    expect(row?.['words'] === longText).toBe(true);
  });

  it('refuses in words what Parquet has no value for, and names the column', async () => {
    const ended = await shop.project.call(['export', '--select', 'endless', '--format', 'parquet']);
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain('EXPORT.VALUE');
    expect(ended.stderr).toContain(
      'Column "moment" (timestamp with time zone) holds infinity, which a Parquet timestamp cannot.',
    );
    await exportTo('endless', 'jsonl', 'endless');
    expect(shop.read('endless/public.endless.jsonl')).toBe('{"moment":"infinity"}\n');
    await exportTo('endless', 'csv', 'endless');
    expect(shop.read('endless/public.endless.csv')).toBe('moment\r\ninfinity\r\n');
  });

  it('refuses the null of a CSV with one column, which would be an empty line', async () => {
    const ended = await shop.project.call(['export', '--select', 'one', '--format', 'csv']);
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain('Column "word" (text) is the only one and holds a null');
  });

  it('keeps arrays of arrays in JSON Lines and refuses them in Parquet', async () => {
    await exportTo('square', 'jsonl', 'square');
    expect(shop.read('square/public.square.jsonl').split('\n').sort()).toEqual([
      '',
      '{"numbers":[5,6]}',
      '{"numbers":[[1,2],[3,null]]}',
    ]);
    const ended = await shop.project.call(['export', '--select', 'square', '--format', 'parquet']);
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain('more than one dimension');
  });
});
