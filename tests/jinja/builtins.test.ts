import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  builtinMacroFiles,
  compileMacro,
  compileTemplate,
  dictOf,
  fromJson,
  hostFunction,
  PyDict,
  pythonModules,
  Returned,
  scanBlocks,
  toText,
  type PyValue,
  type Scope,
} from '../../src/jinja/index.js';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.js';

/** A project without macros of its own: dispatch finds the default, types are PostgreSQL's. */
function createScope(overrides: Readonly<Record<string, PyValue>> = {}): Scope {
  const macros = new PyDict();
  const dispatch = hostFunction('dispatch', ([name]) => macros.get(`default__${toText(name ?? null)}`) ?? null);
  const names = new Map<string, PyValue>([
    ['dbt', macros],
    ['execute', true],
    ['adapter', dictOf({ dispatch, behavior: fromJson({ enable_truthy_nulls_equals_macro: { no_warn: false } }) })],
    ['config', dictOf({ get: hostFunction('get', ([, fallback = null]) => fallback) })],
    ['flags', fromJson({ FULL_REFRESH: false, STORE_FAILURES: false })],
    ['target', fromJson({ schema: 'dev', database: 'db', name: 'dev' })],
    ['modules', pythonModules()],
    [
      'api',
      dictOf({
        Column: dictOf({
          translate_type: hostFunction('translate_type', ([type]) => (type === 'string' ? 'text' : (type ?? null))),
        }),
      }),
    ],
    [
      'return',
      hostFunction('return', ([value = null]) => {
        throw new Returned(value);
      }),
    ],
    [
      'try_or_compiler_error',
      hostFunction('try', ([, fn, ...args]) => (typeof fn === 'function' ? fn(args, new Map()) : null)),
    ],
    ...Object.entries(overrides),
  ]);
  const scope: Scope = { lookup: (name) => names.get(name) ?? macros.get(name) };
  for (const { file, text } of builtinMacroFiles()) {
    for (const block of scanBlocks({ text, file })) {
      const macro = compileMacro({ text: block.text, file });
      macros.set(macro.name, macro.bind(scope));
    }
  }
  return scope;
}

function render(text: string, scope = createScope()): string {
  return compileTemplate({ text, file: 'm.sql' }).render(scope).replace(/\s+/g, ' ').trim();
}

describe('names', () => {
  it.each([
    ['{{ generate_schema_name() }}', 'dev'],
    ['{{ generate_schema_name(" core ") }}', 'dev_core'],
    ['{{ generate_schema_name_for_env("core") }}', 'dev'],
    ['{{ generate_database_name() }}', 'db'],
    ['{{ generate_database_name("other") }}', 'other'],
    ['{{ generate_alias_name(none, {"name": "m"}) }}', 'm'],
    ['{{ generate_alias_name(none, {"name": "m", "version": 1.5}) }}', 'm_v1_5'],
    ['{{ generate_alias_name("alias", {"name": "m"}) }}', 'alias'],
    ['{{ dates_in_range("20240228", "20240301") }}', "['20240228', '20240229', '20240301']"],
    ['{{ partition_range("2024-01-01", "%Y-%m-%d") }}', "['20240101']"],
  ])('%s is %s', (text, expected) => {
    expect(render(text)).toBe(expected);
  });
});

describe('cross-database macros in PostgreSQL', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  async function value(expression: string): Promise<unknown> {
    const rows = await queryOnce(database.settings, `select (${render(expression)})::text as v`);
    return rows[0]?.['v'];
  }

  const between = (first: string, second: string, part: string): string =>
    `{{ dbt.datediff("'${first}'::timestamp", "'${second}'::timestamp", '${part}') }}`;

  it.each([
    [between('2018-01-01 01:00:00', '2018-01-02 01:00:00', 'day'), '1'],
    [between('2018-01-01 23:59:59', '2018-01-02 00:00:00', 'day'), '1'],
    [between('2018-01-01', '2018-02-01', 'month'), '1'],
    [between('2018-01-01', '2019-01-01', 'year'), '1'],
    [between('2018-01-31', '2018-04-01', 'quarter'), '1'],
    [between('2018-01-01 01:00:00', '2018-01-01 02:00:00', 'hour'), '1'],
    [between('2018-02-28 01:00:00', '2018-03-01 01:30:00', 'minute'), '1470'],
    [between('2018-01-01 01:00:00', '2018-01-01 01:00:10.9', 'second'), '10'],
    [between('2018-01-01 01:00:00', '2018-01-01 01:00:00.5', 'millisecond'), '500'],
    [between('2019-12-31', '2019-12-27', 'week'), '-1'],
    [between('2019-12-31', '2019-12-30', 'week'), '0'],
    [between('2019-12-31', '2020-01-02', 'week'), '0'],
    [between('2019-12-31', '2020-01-06 02:00:00', 'week'), '1'],
    [between('2024-01-15', '2024-01-01', 'week'), '-2'],
    [`{{ dbt.dateadd('month', 1, "'2024-01-31'::date") }}`, '2024-02-29 00:00:00'],
    [`{{ dbt.dateadd('quarter', -1, "'2024-04-01'::date") }}`, '2024-01-01 00:00:00'],
    [`{{ dbt.last_day("'2024-02-10'::date", 'month') }}`, '2024-02-29'],
    [`{{ dbt.last_day("'2024-02-10'::date", 'quarter') }}`, '2024-03-31'],
    [`{{ dbt.date_trunc('month', "'2024-02-10'::timestamp") }}`, '2024-02-01 00:00:00'],
    ['{{ dbt.date(2024, 2, 29) }}', '2024-02-29'],
    [`{{ dbt.concat(["'a'", "'b'"]) }}`, 'ab'],
    [`{{ dbt.hash("'a'") }}`, '0cc175b9c0f1b6a831c399e269772661'],
    [`{{ dbt.split_part("'a-b-c'", "'-'", 2) }}`, 'b'],
    [`{{ dbt.split_part("'a-b-c'", "'-'", -1) }}`, 'c'],
    [`{{ dbt.safe_cast("'5'", dbt.type_string()) }}`, '5'],
    [`{{ dbt.string_literal(dbt.escape_single_quotes("it's")) }}`, "it's"],
    [`{{ dbt.right("'abc'", 2) }}{{ '' }}`, 'bc'],
    [`{{ dbt.position("'b'", "'abc'") }}`, '2'],
    [`{{ dbt.length("'abc'") }}`, '3'],
    [`{{ dbt.replace("'abc'", "'b'", "'x'") }}`, 'axc'],
    ['{{ dbt.array_append(dbt.array_construct([1, 2]), 3) }}', '{1,2,3}'],
    [`(select {{ dbt.listagg('x', "','", 'order by x desc') }} from (values ('a'), ('b')) as t (x))`, 'b,a'],
    [`(select {{ dbt.listagg('x', "','", 'order by x', 1) }} from (values ('b'), ('a')) as t (x))`, 'a'],
    ['(select count(*) from ({{ dbt.generate_series(7) }}) as t)', '7'],
    ['(select {{ dbt.bool_or("x") }} from (values (true), (false)) as t (x))', 'true'],
    ['(select {{ dbt.any_value("x") }} from (values (1)) as t (x))', '1'],
  ])('%s is %s', async (expression, expected) => {
    expect(await value(expression)).toBe(expected);
  });

  it('counts the failures of a test', async () => {
    const scope = createScope();
    const main =
      '{{ get_test_sql(test_unique("(values (1), (1), (2)) as t (x)", "x"), "count(*)", "!= 0", "> 5", none) }}';
    expect(await queryOnce(database.settings, render(main, scope))).toEqual([
      { failures: '1', should_warn: true, should_error: false },
    ]);
  });

  it.each([
    ['test_not_null("(values (1), (null)) as t (x)", "x")', 1],
    ['test_accepted_values("(values (\'a\'), (\'b\'), (null)) as t (x)", "x", ["a"])', 1],
    ['test_accepted_values("(values (1), (2)) as t (x)", "x", [1, 2], quote=false)', 0],
    ['test_relationships("(values (1), (3), (null)) as c (x)", "x", "(values (1)) as p (y)", "y")', 1],
    ['test_expression_is_true("(values (1, 2), (3, 1), (null, 1)) as t (a, b)", "a < b")', 1],
    ['test_expression_is_true("(values (1), (-1)) as t (a)", ">= 0", column_name="a")', 1],
  ])('%s finds %i rows', async (call, count) => {
    expect(await queryOnce(database.settings, render(`{{ ${call} }}`))).toHaveLength(count);
  });
});

describe('is_incremental', () => {
  const relation = (type: string): PyValue => fromJson({ type });
  const scopeFor = (materialized: string, existing: PyValue, names: Readonly<Record<string, PyValue>> = {}): Scope =>
    createScope({
      model: fromJson({ config: { materialized } }),
      this: fromJson({ database: 'd', schema: 's', table: 't' }),
      adapter: dictOf({ get_relation: hostFunction('get_relation', () => existing) }),
      ...names,
    });

  it('is true for a table that an incremental model has built', () => {
    expect(render('{{ is_incremental() }}', scopeFor('incremental', relation('table')))).toBe('True');
  });

  it.each([
    ['the table is not there yet', scopeFor('incremental', null)],
    ['a view stands in its place', scopeFor('incremental', relation('view'))],
    ['the model is no incremental one', scopeFor('table', relation('table'))],
    ['the project is only parsed', scopeFor('incremental', relation('table'), { execute: false })],
    [
      '--full-refresh was given',
      scopeFor('incremental', relation('table'), { flags: fromJson({ FULL_REFRESH: true }) }),
    ],
  ])('is false where %s', (_, scope) => {
    expect(render('{{ is_incremental() }}', scope)).toBe('False');
  });
});
