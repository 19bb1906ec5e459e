import { beforeAll, describe, expect, it } from 'vitest';
import {
  loadParser,
  queryLineage,
  readDeclassifier,
  Untraceable,
  type Declassifier,
  type KnownRelation,
  type Origin,
  type ParseSql,
} from '../../src/lineage/index.js';
import { readCases } from './read-cases.js';

const table = (id: string, columns: string, more: Partial<KnownRelation> = {}): KnownRelation => ({
  id,
  columns: columns.split(' '),
  isOpen: false,
  isOrdered: true,
  ...more,
});

/** What the cases know: tables of schema `app`, `raw.people` with columns beyond the declared ones, and `app.log` whose columns' order is not known. */
const relations: Readonly<Record<string, KnownRelation>> = {
  'app.people': table('people', 'id email name phone country tags data friend_id'),
  'app.orders': table('orders', 'id person_id total note'),
  'app.log': table('log', 'id email at', { isOrdered: false }),
  'raw.people': table('raw', 'id email', { isOpen: true, isOrdered: false }),
  'app.Odd Name': table('odd', 'Id E-Mail'),
};

const expressions: Readonly<Record<string, string>> = {
  keyed_hash: `encode(sha256(convert_to(nullif(current_setting('chemflow.hash_salt'), '') || ':' || ($1)::text, 'UTF8')), 'hex')`,
  count: 'count($1)',
  count_distinct: 'count(distinct $1)',
  is_given: '$1 is not null',
  is_long: 'char_length($1) > 10',
  same: '$1 = $1',
};

function shown(origin: Origin): string {
  const name = `${origin.relation}.${origin.column}`;
  if (origin.declassifiers.length > 0) return `${origin.declassifiers.join('+')}(${name})`;
  return origin.isDirect ? name : `~${name}`;
}

let parse: ParseSql;
let declassifiers: readonly Declassifier[];

function lineageOf(sql: string): readonly string[] {
  try {
    const { columns } = queryLineage(sql, {
      parse,
      declassifiers,
      functions: new Set(['slug', 'util.clean']),
      findRelation: ({ schema = 'app', name }) => relations[`${schema}.${name}`],
    });
    return columns.map(({ name, origins }) => `${name} <- ${origins.map(shown).sort().join(', ')}`.trimEnd());
  } catch (error) {
    if (!(error instanceof Untraceable)) throw error;
    return [`! ${error.message}`];
  }
}

beforeAll(async () => {
  parse = await loadParser();
  declassifiers = Object.entries(expressions).map(([name, expression]) => {
    const found = readDeclassifier(parse, name, expression);
    if (typeof found === 'string') throw new Error(`${name}: ${found}`);
    return found;
  });
});

describe.each([...new Set(readCases().map(({ file }) => file))])('%s', (file) => {
  it.each(readCases().filter((one) => one.file === file))('$title', ({ sql, expected }) => {
    expect(lineageOf(sql)).toEqual(expected);
  });
});

describe('a declassifier', () => {
  it.each([
    ['$1', 'it gives back what goes into it'],
    ['($1)::text', 'it gives back what goes into it'],
    ['count(*)', 'it has no $1 for what goes into it'],
    ['lower(email) || $1', 'it reads columns or tables of its own'],
    ['(select max(x) from t where y = $1)', 'it reads columns or tables of its own'],
    ['count($1), 2', 'it is not one expression'],
    ['count($1) from people', 'it is not one expression'],
    ['count($1); drop table people', 'it is not one expression'],
  ])('is not %s: %s', (expression, reason) => {
    expect(readDeclassifier(parse, 'wrong', expression)).toBe(reason);
  });

  it('that is no SQL says what the grammar says', () => {
    expect(readDeclassifier(parse, 'wrong', 'count($1')).toMatch(/syntax error/);
  });
});

it('tells where in the SQL it could not go on, counted in characters and not in bytes', () => {
  const sql = `select 'é…', (nobody).email from people`;
  expect(() =>
    queryLineage(sql, {
      parse,
      declassifiers,
      functions: new Set(),
      findRelation: ({ schema = 'app', name }) => relations[`${schema}.${name}`],
    }),
  ).toThrow(expect.objectContaining({ offset: sql.indexOf('nobody') }) as Error);
});

const hash = (value: string): string => (expressions['keyed_hash'] ?? '').replace('$1', value);

it.each([
  ['id', true],
  ['id::text', true],
  [`coalesce(email, 'none')`, true],
  [`case when country = 'PH' then email end`, true],
  ['greatest(id, 5)', true],
  ['min(id)', true],
  [hash('id'), true],
  [hash('id::text'), true],
  [`case country when 'PH' then ${hash('id')} end`, true],
  ['(select x from (select id as x from people) as q)', false],
  ['lower(email)', false],
  [`case email when 'a' then 'b' end`, false],
  ['sum(id)', false],
  ['id > 5', false],
  [`left(${hash('id')}, 8)`, false],
  [hash('lower(email)'), false],
  [hash(hash('id')), false],
])('says of %s whether it tells a column of people whole: %s', (expression, expected) => {
  const { columns } = queryLineage(`select ${expression} as x from people`, {
    parse,
    declassifiers,
    functions: new Set(),
    findRelation: ({ schema = 'app', name }) => relations[`${schema}.${name}`],
  });
  expect(columns[0]?.origins.some((origin) => origin.isWhole)).toBe(expected);
});
