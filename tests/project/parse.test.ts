import { afterEach, describe, expect, it } from 'vitest';
import { writeProject, type TestProject } from './write-project.js';

let project: TestProject | undefined;
afterEach(() => project?.remove());
const write = (files: Record<string, string>): TestProject => (project = writeProject(files));

describe('a project', () => {
  it('is models, seeds, snapshots, tests, sources and exposures, with their references', () => {
    const manifest = write({
      'models/core/orders.sql':
        "{{ config(materialized='table', tags='daily') }}\nselect * from {{ source('raw', 'orders') }}",
      'models/core/customers.sql': "select * from {{ ref('orders') }} join {{ ref('shop', 'countries') }}",
      'models/core/core.yml': `version: 2
models:
  - name: orders
    description: "{{ doc('orders') }}"
    config: { meta: { owner: me }, tags: [yaml] }
    columns:
      - name: id
        data_tests: [unique, not_null]
  - name: customers
    data_tests:
      - relationships: { arguments: { to: ref('orders'), field: id } , config: { severity: warn } }
exposures:
  - { name: board, type: dashboard, owner: { email: a@b.c }, depends_on: ["ref('customers')"] }
`,
      'models/docs.md': '{% docs orders %}All orders.{% enddocs %}',
      'models/sources.yml': 'sources: [{ name: raw, schema: landing, tables: [{ name: orders, identifier: Orders }] }]',
      'seeds/countries.csv': 'code\nde\n',
      'tests/no_negative.sql': "select * from {{ ref('orders') }} where amount < 0",
      'snapshots/history.sql':
        "{% snapshot history %}\n{{ config(unique_key='id', strategy='check', check_cols='all') }}\nselect * from {{ ref('orders') }}\n{% endsnapshot %}",
    }).parse();
    const orders = manifest.nodes['model.shop.orders'];
    expect(orders).toMatchObject({
      relation_name: '"shop"."public"."orders"',
      description: 'All orders.',
      tags: ['yaml', 'daily'],
      meta: { owner: 'me' },
      config: { materialized: 'table' },
      depends_on: { nodes: ['source.shop.raw.orders'] },
    });
    expect(manifest.sources['source.shop.raw.orders']?.relation_name).toBe('"shop"."landing"."Orders"');
    expect(manifest.nodes['model.shop.customers']?.depends_on.nodes).toEqual([
      'model.shop.orders',
      'seed.shop.countries',
    ]);
    expect(manifest.exposures['exposure.shop.board']?.depends_on.nodes).toEqual(['model.shop.customers']);
    expect(manifest.nodes['snapshot.shop.history']).toMatchObject({ fqn: ['shop', 'history', 'history'], line: 2 });
    const tests = Object.values(manifest.nodes).filter((node) => node.resource_type === 'test');
    expect(tests.map((test) => [test.name, test.depends_on.nodes.length, test.config.severity])).toEqual([
      ['no_negative', 1, 'ERROR'],
      ['unique_orders_id', 1, 'ERROR'],
      ['not_null_orders_id', 1, 'ERROR'],
      ['relationships_customers_id__ref_orders_', 2, 'warn'],
    ]);
  });

  it('configures by folder, then YAML, then the model; tags and hooks add up', () => {
    const manifest = write({
      'chemflow.yml': `name: shop
models:
  +post-hook: "select 1"
  shop:
    +materialized: view
    core: { +materialized: table, +tags: [folder], +grants: { select: [a] } }
`,
      'models/core/a.sql': "{{ config(tags=['model'], grants={'+select': ['c']}, post_hook='select 3') }} select 1",
      'models/core/b.sql': 'select 1',
      'models/core/core.yml': 'models: [{ name: a, config: { materialized: incremental, grants: { +select: [b] } } }]',
    }).parse();
    expect(manifest.nodes['model.shop.a']?.config).toMatchObject({
      materialized: 'incremental',
      tags: ['folder', 'model'],
      grants: { select: ['a', 'b', 'c'] },
      'post-hook': [{ sql: 'select 1' }, { sql: 'select 3' }],
    });
    expect(manifest.nodes['model.shop.b']?.config.materialized).toBe('table');
  });

  it('names schemas by generate_schema_name, its own or the built-in one', () => {
    const files = { 'models/a.sql': "{{ config(schema='core', alias='the_a') }} select 1" };
    expect(write(files).parse().nodes['model.shop.a']?.relation_name).toBe('"shop"."public_core"."the_a"');
    project?.remove();
    const own = '{% macro generate_schema_name(custom, node) %}{{ custom or target.schema }}{% endmacro %}';
    expect(write({ ...files, 'macros/n.sql': own }).parse().nodes['model.shop.a']?.schema).toBe('core');
  });

  it('lets disabled resources and their tests go', () => {
    const manifest = write({
      'models/a.sql': '{{ config(enabled=false) }} select 1',
      'models/a.yml': 'models: [{ name: a, columns: [{ name: id, data_tests: [unique] }] }]',
    }).parse();
    expect(Object.keys(manifest.nodes)).toEqual([]);
    expect(manifest.disabled.map((one) => one.resource_type)).toEqual(['model', 'test']);
  });

  it('reads how a source is copied, with defaults by its columns', () => {
    const manifest = write({
      'chemflow.yml': 'name: shop\nconnections: { app: { sample_database: app } }\n',
      'sources.yml': `sources:
  - name: app
    connection: app
    schema: "{{ 'staging' if target.name == 'prod' else target.schema ~ '_staging' }}"
    tables:
      - name: people
        columns: [{ name: id }, { name: updated_at }, { name: deleted_at }]
      - name: log
        columns: [{ name: text }]
      - name: other
        extract: { strategy: full, exclude: [blob], from: { schema: app } }
`,
    }).parse();
    expect(manifest.sources['source.shop.app.people']).toMatchObject({
      relation_name: '"shop"."staging"."app_people"',
      extract: {
        strategy: 'incremental',
        horizon: 'transaction',
        key: ['id'],
        cursor: 'updated_at',
        soft_delete: 'deleted_at',
        from: { schema: 'public', table: 'people' },
      },
    });
    expect(manifest.sources['source.shop.app.log']?.extract).toMatchObject({ strategy: 'full', key: [] });
    expect(manifest.sources['source.shop.app.other']?.extract).toMatchObject({
      exclude: ['blob'],
      from: { schema: 'app', table: 'other' },
    });
  });

  it('reads versions of a model, and a reference without a version means the latest', () => {
    const manifest = write({
      'models/orders_v1.sql': 'select 1',
      'models/orders_v2.sql': 'select 2',
      'models/m.sql': "select * from {{ ref('orders') }}, {{ ref('orders', v=1) }}",
      'models/m.yml': 'models: [{ name: orders, latest_version: 2, versions: [{ v: 1 }, { v: 2 }] }]',
    }).parse();
    expect(manifest.nodes['model.shop.m']?.depends_on.nodes).toEqual(['model.shop.orders.v2', 'model.shop.orders.v1']);
    expect(manifest.nodes['model.shop.orders.v2']?.alias).toBe('orders_v2');
  });
});

describe('what is wrong with a project', () => {
  it('is told all at once, each with its place and a hint', () => {
    const said = write({
      'models/a.sql': "select * from {{ ref('b') }}",
      'models/b.sql': "select *\nfrom {{ ref('a') }}",
      'models/c.sql': "select * from {{ ref('ordesr') }}, {{ source('raw', 'peple') }}",
      'models/orders.sql': "{{ config(materialised='table') }} select 1",
      'models/x/orders.sql': 'select 1',
      'models/clash.sql': "{{ config(alias='a') }} select 1",
      'models/z.yml': `sources: [{ name: raw, tables: [{ name: people }] }]
models:
  - name: orders
    colums: []
    columns:
      - name: id
        data_tests: [uniqe]
  - name: nothing
  - description: nameless
`,
    }).complaint();
    for (const part of [
      'GRAPH.CIRCLE: These resources read from each other in a circle: a -> b -> a.',
      'PARSE.UNKNOWN_REF: Model "c" refers to "ordesr"',
      'did you mean "orders"?',
      'models/c.sql:1:18',
      'did you mean "people"?',
      'PARSE.UNKNOWN_CONFIG: "materialised" is no configuration of a model.',
      'did you mean "materialized"?',
      'PARSE.DUPLICATE_NAME: Two resources have the name "orders": models/orders.sql and models/x/orders.sql.',
      'PARSE.AMBIGUOUS_RELATION',
      'PARSE.UNKNOWN_KEY: "colums" is no key of model "orders".',
      'models/z.yml:4:5',
      'PARSE.UNKNOWN_TEST: There is no generic test "uniqe".',
      'did you mean "unique"?',
      'PARSE.UNKNOWN_RESOURCE: models/z.yml describes "nothing"',
      'PARSE.SHAPE: This model has no name.',
    ])
      expect(said).toContain(part);
  });

  it('is a slip in a macro, a call of nothing, an argument, a value or a snapshot too, each at its place', () => {
    const said = write({
      'macros/m.sql': '{% macro fine() %}1{% endmacro %}\n{% macro broken(a %}{% endmacro %}',
      'models/a.sql': "select {{ sorce('raw', 'people') }}",
      'models/b.sql': 'select {{ tools.star(1) }}',
      'models/c.sql': "{{ config(on_schema_change='sync_all') }} select 1",
      'models/d.sql': 'select 1',
      'models/e.sql': 'select {% if x is defined %}{{ x }}{% else %}{{ maybe }}1{% endif %}',
      'snapshots/s.sql':
        "{% snapshot s %}{{ config(strategy='timestamp', unique_key='id') }} select 1{% endsnapshot %}",
      'models/z.yml': `models:
  - name: d
    config: { materialized: tabel }
    columns: [{ name: id, data_tests: [accepted_values: { arguments: { valus: [1] } }, relationships: { to: ref('a') }] }]
  - name: e
    config: { materialized: [view] }
`,
    }).complaint();
    for (const part of [
      'macros/m.sql:2:',
      "JINJA.UNDEFINED: 'sorce' is undefined\n  at models/a.sql:1:11",
      'did you mean "source"?',
      'there is no package "tools" here',
      'PARSE.CONFIG_VALUE: The configuration "on_schema_change" cannot be "sync_all".\n  at models/c.sql:1:11',
      'it is one of ignore, fail, append_new_columns, sync_all_columns',
      'PARSE.SNAPSHOT_CONFIG: Snapshot "s" has the strategy timestamp, and no updated_at.',
      'is materialized as "tabel", which does not exist.\n  at models/z.yml:3:15',
      '"valus" is no argument of the test accepted_values.',
      'The test relationships needs the argument "field".',
      'The configuration "materialized" must be a text, but is a list.\n  at models/z.yml:6:15',
    ])
      expect(said).toContain(part);
    expect(said).not.toContain('maybe');
  });

  it('is a YAML error with its line', () => {
    expect(write({ 'models/m.yml': 'models:\n  - name: a\n   description: b\n' }).complaint()).toContain(
      'at models/m.yml:3',
    );
  });

  it('is an unknown configuration in chemflow.yml, but not below meta', () => {
    const said = write({
      'chemflow.yml': 'name: shop\nmodels:\n  shop:\n    +materialised: table\n    +meta: { anything: 1 }\n',
      'models/a.sql': 'select 1',
    }).complaint();
    expect(said).toContain('"materialised" is no configuration of a model.');
    expect(said).toContain('chemflow.yml:4:5');
    expect(said).not.toContain('anything');
  });

  it('is a warning in a dbt project where dbt lets it pass', () => {
    const { warnings, parse } = write({
      'dbt_project.yml': 'name: shop\n',
      'profiles.yml': 'shop: { target: d, outputs: { d: { type: postgres, host: h, user: u, dbname: d, schema: s } } }',
      'models/a.sql': "{{ config(materialised='table', own=1) }} select 1",
      'models/m.yml': 'models: [{ name: nothing }]',
    });
    expect(Object.keys(parse().nodes)).toEqual(['model.shop.a']);
    expect(warnings.join('\n')).toContain('did you mean "materialized"?');
    expect(warnings.join('\n')).toContain('PARSE.UNKNOWN_RESOURCE');
    expect(warnings.join('\n')).not.toContain('"own"');
  });
});
