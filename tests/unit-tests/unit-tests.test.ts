import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.js';
import { openProjectFolder, variables, type Ended, type ProjectFolder } from '../commands/program.js';

const files = {
  'chemflow.yml': `name: shop
version: '1.0'
targets:
  prod: { schema: public, threads: 2 }
warehouse: { env: { default: WAREHOUSE_DB } }
test-paths: [tests]
vars: { threshold: 10 }
`,
  'seeds/rates.csv': 'currency,rate\nEUR,1.5\nUSD,1\n',
  'models/orders.sql': `select 1::bigint as id, 'EUR'::varchar(3) as currency, 10.00::numeric(12,2) as amount, '{}'::jsonb as details, array['a'] as labels, now() as at`,
  'models/cheap.sql': `{{ config(materialized='ephemeral') }}\nselect * from {{ ref('orders') }} where amount < {{ var('threshold') }}`,
  'models/converted.sql': `{{ config(materialized='table') }}
select cheap.id, cheap.amount * rates.rate as amount, cheap.details, cheap.labels, cheap.at
from {{ ref('cheap') }} as cheap
left join {{ ref('rates') }} as rates on rates.currency = cheap.currency`,
  'models/names.sql': `select '{{ dbt.type_int() }}' as type, {{ own_macro() }} as own, {{ var('threshold') }} as threshold, '{{ env_var('FLAVOUR') }}' as flavour`,
  'macros/own_macro.sql': "{% macro own_macro() %}'project'{% endmacro %}",
  'models/latest.sql': `{{ config(materialized='incremental', unique_key='id') }}
select id, amount from {{ ref('orders') }}
{% if is_incremental() %}where id > (select coalesce(max(id), 0) from {{ this }}){% endif %}`,
};

const unitTests = (text: string): string => `version: 2\nunit_tests:\n${text}`;

describe('unit tests', () => {
  let database: TestDatabase;
  let project: ProjectFolder;

  const test = async (text: string, ...args: readonly string[]): Promise<Ended> => {
    project.write({ 'models/unit_tests.yml': unitTests(text) });
    return project.call(['test', '--select', 'test_type:unit', ...args]);
  };
  const results = (): { unique_id: string; status: string; message: string | null; failures: number | null }[] =>
    (
      JSON.parse(readFileSync(join(project.folder, 'target/run_results.json'), 'utf8')) as {
        results: { unique_id: string; status: string; message: string | null; failures: number | null }[];
      }
    ).results;

  beforeAll(async () => {
    database = await createTestDatabase();
    project = openProjectFolder(files, { ...variables('WAREHOUSE_DB', database.settings), FLAVOUR: 'sweet' });
    const built = await project.call(['run']);
    expect(built.exitCode, built.stderr).toBe(0);
  });
  afterAll(async () => {
    project.remove();
    await database.drop();
  });

  it('reads the given rows in the columns and types of the relations they stand for, and passes where the expected ones come out in whatever order', async () => {
    const ended = await test(`
  - name: converts
    model: converted
    given:
      - input: ref('cheap')
        rows:
          - { ID: 2, currency: USD, amount: 1 }
          - { id: 1, currency: EUR, amount: 3, details: { a: [1] }, labels: [x, "y,z"], at: 2026-01-01 00:00:00+00 }
      - input: ref('rates')
        rows: [{ currency: EUR, rate: 2 }]
    expect:
      rows:
        - { id: 1, amount: 6.0, details: '{"a": [1]}', labels: '{x,"y,z"}', at: 2026-01-01 02:00:00+02 }
        - { id: 2, amount: null, details: null, labels: null, at: null }
`);
    expect(ended.stderr).toContain('PASS');
    expect(ended.exitCode, ended.stderr).toBe(0);
  });

  it('prints the rows that differ, side by side where they belong together, and says so in run_results.json', async () => {
    const ended = await test(`
  - name: differs
    model: converted
    given:
      - input: ref('cheap')
        rows: [{ id: 1, currency: EUR, amount: 3 }, { id: 2, currency: EUR, amount: 4 }, { id: 3, amount: 5 }]
      - input: ref('rates')
        rows: [{ currency: EUR, rate: 2 }]
    expect:
      rows: [{ id: 1, amount: 7 }, { id: 2, amount: 8 }, { id: 9, amount: 9 }]
`);
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain('[FAIL 1');
    expect(ended.stderr).toContain('Failure in unit test differs (models/unit_tests.yml)');
    const difference = `actual rows differ from the expected ones: 1 changed (~ expected → actual), 1 missing (-), 1 not expected (+), 1 as expected

     id  amount
  ~  1   7 → 6
  -  9   9
  +  3   NULL`;
    expect(ended.stderr.replaceAll(/^ {2}/gm, '')).toContain(difference);
    expect(results()).toMatchObject([
      { unique_id: 'unit_test.shop.converted.differs', status: 'fail', failures: 1, message: difference },
    ]);
  });

  it('warns instead of failing where its severity says so', async () => {
    const ended = await test(`
  - name: warns
    model: converted
    config: { severity: warn }
    given: []
    expect: { rows: [{ id: 1 }] }
`);
    expect(ended.stderr).toContain('[WARN 1');
    expect(ended.exitCode).toBe(0);
  });

  it('replaces is_incremental, which is false unless told, variables and the environment, and gives this', async () => {
    const ended = await test(`
  - name: first_run
    model: latest
    given:
      - { input: this, rows: [{ id: 5 }] }
      - { input: ref('orders'), rows: [{ id: 4 }, { id: 6 }] }
    expect: { rows: [{ id: 4 }, { id: 6 }] }
  - name: later_run
    model: latest
    overrides: { macros: { is_incremental: true } }
    given:
      - { input: this, rows: [{ id: 5 }] }
      - { input: ref('orders'), rows: [{ id: 4 }, { id: 6 }] }
    expect: { rows: [{ id: 6 }] }
  - name: run_on_nothing
    model: latest
    overrides: { macros: { is_incremental: true } }
    given: [{ input: ref('orders'), rows: [{ id: 4 }] }]
    expect: { rows: [{ id: 4 }] }
  - name: other_names
    model: names
    overrides:
      macros: { dbt.type_int: smallint, own_macro: "'mine'" }
      vars: { threshold: 3 }
      env_vars: { FLAVOUR: sour }
    given: []
    expect: { rows: [{ type: smallint, own: mine, threshold: 3, flavour: sour }] }
`);
    expect(ended.exitCode, ended.stderr).toBe(0);
    expect(ended.stderr).toContain('4 pass');
  });

  it('expands ephemeral parents that are not given, over the fixtures of what they read; what is not given at all is empty', async () => {
    const ended = await test(`
  - name: through_ephemeral
    model: converted
    overrides: { vars: { threshold: 3 } }
    given: [{ input: ref('orders'), rows: [{ id: 1, amount: 2 }, { id: 2, amount: 3 }] }]
    expect: { rows: [{ id: 1, amount: null }] }
`);
    expect(ended.exitCode, ended.stderr).toBe(0);
  });

  it('takes rows as CSV, where an empty field is null, as SQL with Jinja, from files, and a seed with its own', async () => {
    project.write({
      'tests/fixtures/cheap_orders.csv': 'id,currency,amount\n1,EUR,"2"\n2,,4\n',
      'tests/fixtures/expected.sql': 'select 1 as id, 3 as amount union all select 2, null',
    });
    const ended = await test(`
  - name: from_files
    model: converted
    given:
      - { input: ref('cheap'), format: csv, fixture: cheap_orders }
      - { input: ref('rates') }
    expect: { format: sql, fixture: expected }
  - name: inline
    model: converted
    given:
      - input: ref('cheap')
        format: sql
        rows: |
          select {{ 1 + 1 }} as id, 'EUR' as currency, 1 as amount, null as details, null as labels, null as at
      - input: ref('rates')
        format: csv
        rows: |
          currency,rate
          EUR,10
    expect:
      format: csv
      rows: |
        id,amount
        2,10
`);
    expect(ended.exitCode, ended.stderr).toBe(0);
    expect(ended.stderr).toContain('2 pass');
  });

  it('names the column that an input or the model lacks, and the nearest', async () => {
    const ended = await test(`
  - name: wrong_input
    model: converted
    given: [{ input: ref('cheap'), rows: [{ id: 1, amonut: 3 }] }]
    expect: { rows: [] }
  - name: wrong_output
    model: converted
    given: []
    expect:
      rows: [{ idd: 1 }]
`);
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain("UNIT_TEST.COLUMN: Invalid column name: 'amonut' in unit test fixture for 'cheap'.");
    expect(ended.stderr).toContain('did you mean "amount"?');
    expect(ended.stderr).toContain(
      "UNIT_TEST.COLUMN: Invalid column name: 'idd' in unit test fixture for expected output.",
    );
    expect(ended.stderr).toContain('at models/unit_tests.yml:12:16');
  });

  it('is chosen by its name, by its type and by its model, and left out alike', async () => {
    await test(`
  - name: chosen
    model: converted
    config: { tags: [quick] }
    given: []
    expect: { rows: [] }
  - name: other
    model: latest
    given: []
    expect: { rows: [] }
`);
    const listed = async (...args: readonly string[]): Promise<string> =>
      (await project.call(['ls', '--resource-type', 'unit_test', ...args])).stdout.trim();
    expect(await listed()).toBe('unit_test:shop.other\nunit_test:shop.chosen');
    for (const words of ['chosen', 'converted', 'unit_test:chosen', 'tag:quick', 'orders+,converted'])
      expect(await listed('--select', words), words).toBe('unit_test:shop.chosen');
    expect(await listed('--exclude', 'converted')).toBe('unit_test:shop.other');
    const ended = await project.call(['test', '--select', 'resource_type:unit_test', '--exclude', 'other']);
    expect(ended.stderr).toContain('1 pass');
    const manifest = JSON.parse(readFileSync(join(project.folder, 'target/manifest.json'), 'utf8')) as {
      unit_tests: Record<string, Record<string, unknown>>;
      parent_map: Record<string, string[]>;
    };
    expect(manifest.unit_tests['unit_test.shop.converted.chosen']).toMatchObject({
      model: 'converted',
      given: [],
      expect: { rows: [], format: 'dict', fixture: null },
      config: { tags: ['quick'], meta: {}, enabled: true },
      depends_on: { nodes: ['model.shop.converted'] },
    });
    expect(manifest.parent_map['unit_test.shop.converted.chosen']).toEqual(['model.shop.converted']);
    expect(existsSync(join(project.folder, 'target/compiled/shop/models/unit_tests.yml/converted.chosen.sql'))).toBe(
      true,
    );
  });

  it('tells each mistake in the YAML with its place', async () => {
    const ended = await test(`
  - name: wrong
    model: convertd
    given: []
    expect: { rows: [] }
  - name: wrongs
    model: converted
    given:
      - { input: ref('oders'), rows: [] }
      - { input: orders, rows: [] }
      - { input: ref('orders') }
      - { input: ref('cheap'), rows: [], formt: csv }
      - { input: ref('rates'), format: csv, fixture: nowhere }
    expect: { rows: 3 }
`);
    expect(ended.exitCode).toBe(2);
    for (const words of [
      'is about the model "convertd", which does not exist',
      'did you mean "converted"?',
      `gives ref('oders'), which is no model, seed or snapshot`,
      '"orders" is no input of a unit test',
      `The input ref('orders') has no rows`,
      '"formt" is no key of the input',
      'The fixture "nowhere" of the unit test "wrongs" is no csv file',
      'must be a list of mappings, but are a number',
    ])
      expect(ended.stderr).toContain(words);
  });
});

describe('unit tests in build', () => {
  it('run after what the model reads and before the model, which a failing one stops with all that follows', async () => {
    const database = await createTestDatabase();
    const project = openProjectFolder(
      {
        'chemflow.yml': files['chemflow.yml'],
        'models/first.sql': "{{ config(materialized='table') }} select 1 as id",
        'models/second.sql': "{{ config(materialized='table') }} select id + 1 as id from {{ ref('first') }}",
        'models/third.sql': "{{ config(materialized='table') }} select id from {{ ref('second') }}",
        'models/unit_tests.yml': unitTests(`
  - name: adds
    model: second
    given: [{ input: ref('first'), rows: [{ id: 1 }] }]
    expect: { rows: [{ id: 3 }] }
`),
      },
      variables('WAREHOUSE_DB', database.settings),
    );
    try {
      const ended = await project.call(['build']);
      expect(ended.exitCode).toBe(1);
      const order = [...ended.stderr.matchAll(/^\d of 4 (.*?) \.+/gm)].map((match) => match[1]);
      expect(order).toEqual([
        'table public.first',
        'unit test second::adds',
        'table public.second',
        'table public.third',
      ]);
      const relations = await queryOnce(
        database.settings,
        "select relname from pg_class where relname in ('first', 'second', 'third')",
      );
      expect(relations).toEqual([{ relname: 'first' }]);
      expect(ended.stderr).toContain('2 skipped');
    } finally {
      project.remove();
      await database.drop();
    }
  });

  it('run on an empty database where the types are declared, and name what has none', async () => {
    const database = await createTestDatabase();
    const project = openProjectFolder(
      {
        'chemflow.yml': files['chemflow.yml'],
        'models/sales.yml': `version: 2
sources:
  - name: till
    schema: raw
    tables:
      - name: sales
        columns: [{ name: id, data_type: bigint }, { name: amount, data_type: "numeric(12,2)" }]
      - name: refunds
unit_tests:
  - name: declared
    model: total
    given: [{ input: "source('till', 'sales')", rows: [{ id: 1, amount: 1.5 }, { id: 2, amount: 2 }] }]
    expect: { rows: [{ amount: 3.5 }] }
  - name: undeclared
    model: refunded
    given: [{ input: "source('till', 'refunds')", rows: [] }]
    expect: { rows: [] }
`,
        'models/total.sql': "select sum(amount) as amount from {{ source('till', 'sales') }}",
        'models/refunded.sql': "select 1 as n from {{ source('till', 'refunds') }}",
      },
      variables('WAREHOUSE_DB', database.settings),
    );
    try {
      const ended = await project.call(['test']);
      expect(ended.stderr).toMatch(/total::declared \.+ \[PASS/);
      expect(ended.stderr).toContain(
        "UNIT_TEST.UNKNOWN_TYPES: The types of source('till', 'refunds') are not known to the unit test \"undeclared\"",
      );
    } finally {
      project.remove();
      await database.drop();
    }
  });

  it('test each version of a model that they do not leave out', async () => {
    const project = openProjectFolder({
      'chemflow.yml': files['chemflow.yml'],
      'models/orders_v1.sql': 'select 1 as id',
      'models/orders_v2.sql': 'select 1 as id',
      'models/orders_v3.sql': 'select 1 as id',
      'models/orders.yml': `version: 2
models:
  - name: orders
    latest_version: 2
    versions: [{ v: 1 }, { v: 2 }, { v: 3 }]
unit_tests:
  - { name: most, model: orders, versions: { exclude: [1] }, given: [], expect: { rows: [{ id: 1 }] } }
`,
    });
    const listed = await project.call(['ls', '--resource-type', 'unit_test']);
    expect(listed.stdout.trim().split('\n').sort()).toEqual(['unit_test:shop.most_v2', 'unit_test:shop.most_v3']);
    project.remove();
  });
});
