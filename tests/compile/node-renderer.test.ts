import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAdapter, createRelationCache } from '../../src/adapter/index.js';
import { createNodeRenderer, type NodeRendererOptions } from '../../src/compile/index.js';
import { ChemflowError } from '../../src/error/index.js';
import type { Adapter, DataTest, Manifest, NodeRenderer, Project, RunEvent } from '../../src/types/index.js';
import { macrosOf, makeInvocation, makeManifest, makeModel, makeProject, makeSource } from '../context/make-project.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
let adapter: Adapter;
const events: RunEvent[] = [];
const renderers: NodeRenderer[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  adapter = createAdapter(database.settings, { poolSize: 4 });
  await adapter.withSession((session) =>
    session.query(`create schema analytics; create table analytics.people (id bigint not null, name varchar(40), paid numeric(12,2));
      insert into analytics.people values (1, 'Ada', 1.50), (2, null, 20)`),
  );
});

afterAll(async () => {
  await Promise.all(renderers.map((renderer) => renderer.close()));
  await adapter.close();
  await database.drop();
});

function projectHere(change: Partial<Project> = {}): Project {
  const project = makeProject(change);
  const { settings } = database;
  const connection = { ...settings, sessionSettings: project.target.connection.sessionSettings };
  const env = {
    COLOR: 'green',
    HIDDEN: settings.password,
    CHEMFLOW_HASH_SALT: 'pinch-of-salt',
    SALTY: 'pinch-of-salt',
  };
  return { ...project, env, target: { ...project.target, connection } };
}

function render(manifest: Manifest, options: Partial<NodeRendererOptions> = {}): NodeRenderer {
  const renderer = createNodeRenderer({
    project: projectHere(),
    manifest,
    invocation: makeInvocation(),
    adapter,
    cache: createRelationCache(adapter),
    workers: 2,
    sink: (event) => events.push(event),
    selected: Object.keys(manifest.nodes),
    ...options,
  });
  renderers.push(renderer);
  return renderer;
}

const depends = (...names: string[]) => ({
  depends_on: { nodes: names.map((name) => `model.shop.${name}`), macros: [] },
});

async function failure(work: Promise<unknown>): Promise<ChemflowError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ChemflowError);
  return error as ChemflowError;
}

async function compileOne(sql: string, change: Parameters<typeof makeModel>[2] = {}, macros = ''): Promise<string> {
  const manifest = makeManifest([makeModel('people', ''), makeModel('one', sql, { ...depends('people'), ...change })], {
    macros: macrosOf('shop', macros),
    sourceTables: [makeSource('app', 'clicks')],
  });
  return (await render(manifest).compile('model.shop.one')).sql;
}

describe('compiling a model', () => {
  it('writes relations by their quoted names', async () => {
    expect(
      await compileOne(`select * from {{ ref('people') }} where '{{ this }}' <> '{{ this.include(database=false) }}'`),
    ).toBe(
      `select * from "${database.settings.database}"."analytics"."people" where '"warehouse"."analytics"."one"' <> '"analytics"."one"'`.replace(
        `"${database.settings.database}"`,
        '"warehouse"',
      ),
    );
  });

  it('asks the database in the middle of a template', async () => {
    const sql = await compileOne(`
      {%- set people = run_query('select id, name, paid from analytics.people order by id') -%}
      {%- for row in people %}{{ row.id }}/{{ row['name'] }}/{{ row[2] }}/{{ row.id + 1 }};{% endfor -%}
      {{ people.columns[0].values() }} {{ people.column_names | join('+') }} {{ people | length }}
      {%- for column in adapter.get_columns_in_relation(adapter.get_relation('x', 'analytics', 'people')) %} {{ column.name }}:{{ column.data_type }}{% endfor -%}`);
    expect(sql).toBe(
      '1/Ada/1.50/2;2/None/20.00/3;(1, 2) id+name+paid 2 id:bigint name:character varying(40) paid:numeric(12,2)',
    );
  });

  it('keeps the results of statements', async () => {
    const sql = await compileOne(`
      {%- call statement('count', fetch_result=True) -%} select count(*) as n from analytics.people {%- endcall -%}
      {{ load_result('count').table.columns['n'].values()[0] }} {{ load_result('count')['data'][0][0] }} {{ load_result('count').response }}`);
    expect(sql).toBe('2 2 SELECT 1');
  });

  it('gives dates, times and JSON as Python has them', async () => {
    const sql = await compileOne(`
      {%- set row = run_query("select date '2024-02-29' d, timestamptz '2024-02-29 12:30:00+00' t, '{\\"a\\": 1}'::jsonb j, 12345678901234567890::numeric n, null::int z, true b").rows[0] -%}
      {{ row.d.strftime('%d.%m.%Y') }} {{ (row.d + modules.datetime.timedelta(days=1)).isoformat() }} {{ row.t.year }} {{ fromjson(row.j).a }} {{ row.n + 1 }} {{ row.z }} {{ row.b }}
      {{- ' ' }}{{ run_started_at.strftime('%Y-%m-%d') }} {{ tojson({'a': [1, 2.0]}) }} {{ local_md5('x') }}`);
    expect(sql).toBe(
      '29.02.2024 2024-03-01 2024 1 12345678901234567891 None True 2024-03-04 {"a": [1, 2.0]} 9dd4e461268c8034f5c8564e155c67a6',
    );
  });

  it('has one checksum of all definitions, which every one of them changes', async () => {
    const checksum = async (
      other: Parameters<typeof makeModel>[2] & { sql?: string },
      macro = '1',
    ): Promise<string> => {
      const { sql = 'select 1', ...change } = other;
      const macros = macrosOf('shop', `{% macro number() %}${macro}{% endmacro %}`);
      const models = [makeModel('one', '{{ definitions_checksum() }}'), makeModel('other', sql, change)];
      return (await render(makeManifest(models, { macros })).compile('model.shop.one')).sql;
    };
    const first = await checksum({});
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(await checksum({})).toBe(first);
    const others = [
      await checksum({ sql: 'select 2' }),
      await checksum({}, '2'),
      await checksum({ config: { ...makeModel('other', '').config, unique_key: 'id' } }),
    ];
    expect(new Set([first, ...others]).size).toBe(4);
  });

  it('says where a query failed', async () => {
    const error = await failure(compileOne(`select 1\n  {{ run_query('select nothing_here') }}`));
    expect(error.code).toBe('SQL.42703');
    expect(error.place).toMatchObject({ file: 'models/one.sql', line: 2 });
  });

  it('refuses a reference that was not seen when the project was parsed, and says how to tell it', async () => {
    const error = await failure(compileOne(`{{ ref('people') }}`, { depends_on: { nodes: [], macros: [] } }));
    expect(error.code).toBe('TEMPLATE.UNDECLARED_REF');
    expect(error.hint).toContain("-- depends_on: {{ ref('people') }}");
  });

  it('offers the nearest name for a macro, a model and a variable that do not exist', async () => {
    const macro = await failure(compileOne('\n{{ mony(1) }}', {}, '{% macro money(x) %}{% endmacro %}'));
    expect([macro.code, macro.place?.line]).toEqual(['JINJA.UNDEFINED', 2]);
    expect(macro.hint).toContain('did you mean "money"?');
    expect(macro.place?.text).toBe('\n{{ mony(1) }}');
    expect((await failure(compileOne(`{{ ref('peopel') }}`))).hint).toContain('did you mean "people"?');
    expect((await failure(compileOne(`{{ source('app', 'click') }}`))).hint).toContain('did you mean "app.clicks"?');
    expect(await failure(compileOne(`{{ var('as_of') }}`))).toMatchObject({ code: 'TEMPLATE.UNDEFINED_VAR' });
  });

  it('reads nothing under --empty', async () => {
    const manifest = makeManifest([
      makeModel('people', ''),
      makeModel('one', `select * from {{ ref('people') }}`, depends('people')),
    ]);
    const renderer = render(manifest, { invocation: makeInvocation({ empty: true }) });
    expect((await renderer.compile('model.shop.one')).sql).toBe(
      'select * from (select * from "warehouse"."analytics"."people" where false limit 0) _dbt_limit_subq_people',
    );
  });

  it('never lets a password or the salt into a template', async () => {
    const sql = await compileOne(
      `{{ target }} {{ env_var('HIDDEN', 'not here') }} {{ env_var('COLOR') }} {{ env_var('SALTY', '') }} {{ env_var('CHEMFLOW_HASH_SALT', '') }} {{ target.password }}`,
    );
    expect(sql).toContain('not here green');
    expect(sql).not.toMatch(/very-secret|pinch-of-salt/);
    if (database.settings.password !== undefined) expect(sql).not.toContain(database.settings.password);
  });
});

describe('ephemeral parents', () => {
  const ephemeral = { config: { materialized: 'ephemeral' } as never };

  it('become CTEs in order of their dependence, each once', async () => {
    const manifest = makeManifest([
      makeModel('first', 'select 1 as id', ephemeral),
      makeModel('second', `select * from {{ ref('first') }}`, { ...ephemeral, ...depends('first') }),
      makeModel(
        'one',
        `with x as (select 1) select * from {{ ref('second') }} join {{ ref('first') }} using (id)`,
        depends('first', 'second'),
      ),
    ]);
    expect((await render(manifest).compile('model.shop.one')).sql).toBe(
      'with __dbt__cte__first as (\nselect 1 as id\n),  __dbt__cte__second as (\nselect * from __dbt__cte__first\n), x as (select 1) ' +
        'select * from __dbt__cte__second join __dbt__cte__first using (id)',
    );
  });
});

describe('generic tests', () => {
  it('are their macro, with the rendered arguments', async () => {
    const test = {
      ...makeModel('not_null_people_id', '{{ test_positive(**_dbt_generic_test_kwargs) }}', depends('people')),
      unique_id: 'test.shop.positive',
      resource_type: 'test',
      original_file_path: 'models/people.yml',
      test_metadata: { name: 'positive', namespace: null, kwargs: { column_name: 'id', bounds: ['{{ 1 + 1 }}', 'x'] } },
      attached_node: 'model.shop.people',
    } as unknown as DataTest;
    const macros = macrosOf(
      'shop',
      `{% test positive(model, column_name, bounds) %}select * from {{ model }} where {{ column_name }} < {{ bounds[0] + 1 }}{% endtest %}
       {% macro get_where_subquery(relation) %}{{ return(relation) }}{% endmacro %}`,
    );
    const manifest = makeManifest([makeModel('people', ''), test], { macros });
    expect((await render(manifest).compile('test.shop.positive')).sql).toBe(
      'select * from "warehouse"."analytics"."people" where id < 3',
    );
  });
});

describe('calling from the main thread', () => {
  const macros = macrosOf(
    'shop',
    `{% macro describe(relation, columns, suffix='') %}{{ relation.include(database=false) }} {{ columns | join(',') }}{{ suffix }} {{ model.name }} {{ sql }}{% endmacro %}
     {% macro twice(relation) %}{{ return({'relations': [relation, relation.incorporate(path={'identifier': 'other'}, type='view')], 'n': 2}) }}{% endmacro %}
     {% macro greet() %}{{ log('hello ' ~ this.name, info=True) }}{{ adapter.create_schema(api.Relation.create(database='x', schema='made here')) }}{% endmacro %}
     {% macro default__date_thing() %}{% endmacro %}
     {% materialization mirror, default %}
       {% set target_relation = this.incorporate(type='table') %}
       {% call statement('main') %}create table {{ target_relation.include(database=false) }} as {{ sql }}{% endcall %}
       {{ adapter.cache_added(target_relation) }}
       {{ return({'relations': [target_relation]}) }}
     {% endmaterialization %}`,
  );
  const manifest = makeManifest([makeModel('one', 'select 1 as id')], { macros });
  const relation = { $relation: { database: 'warehouse', schema: 'analytics', identifier: 'one' } };

  it('takes values to a macro and brings what it gives', async () => {
    const renderer = render(manifest);
    await renderer.compile('model.shop.one');
    expect(await renderer.callMacro('model.shop.one', 'describe', [relation, ['a', 'b']], { suffix: '!' })).toBe(
      '"analytics"."one" a,b! one select 1 as id',
    );
    expect(await renderer.callMacro('model.shop.one', 'shop.twice', [relation])).toEqual({
      relations: [relation, { $relation: { ...relation.$relation, identifier: 'other', type: 'view' } }],
      n: 2,
    });
    expect((await failure(renderer.callMacro('model.shop.one', 'discribe'))).hint).toBe('did you mean "describe"?');
  });

  it('hears what templates log, and runs what they change', async () => {
    await render(manifest).callMacro('model.shop.one', 'greet');
    expect(events).toContainEqual({ kind: 'message', level: 'info', text: 'hello one', code: 'TEMPLATE.LOG' });
    const schemas = await adapter.withSession((session) =>
      session.query(`select to_regnamespace('"made here"')::text`),
    );
    expect(schemas.rows[0]?.[0]).toBe('"made here"');
  });

  it('runs a materialization that is written in Jinja, and remembers what it made', async () => {
    const cache = createRelationCache(adapter);
    await cache.load([{ database: 'warehouse', schema: 'analytics' }]);
    const renderer = render(manifest, { cache });
    const relations = await renderer.runMaterialization('model.shop.one', 'macro.shop.materialization_mirror_default');
    expect(relations).toEqual([{ database: 'warehouse', schema: 'analytics', identifier: 'one', type: 'table' }]);
    expect(cache.get(relations[0]!)?.type).toBe('table');
    expect((await adapter.withSession((session) => session.query('select id from analytics.one'))).rows).toEqual([
      ['1'],
    ]);
  });

  it('runs statements in the session that a node was given', async () => {
    const renderer = render(manifest);
    const session = await adapter.open('a thread of a run');
    try {
      await session.query('create temporary table only_mine as select 42 as answer');
      renderer.useSession('model.shop.one', session);
      expect(
        await renderer.renderText('model.shop.one', `{{ run_query('select answer from only_mine').rows[0].answer }}`),
      ).toBe('42');
      renderer.useSession('model.shop.one', undefined);
    } finally {
      await session.close();
    }
    await failure(renderer.renderText('model.shop.one', `{{ run_query('select answer from only_mine') }}`));
  });

  it('knows which macros a project defines anew', () => {
    const renderer = render(manifest);
    expect(renderer.isOverridden('describe')).toBe(true);
    expect(renderer.isOverridden('date_thing')).toBe(true);
    expect(renderer.isOverridden('statement')).toBe(false);
  });

  it('renders a text with further names', async () => {
    const renderer = render(manifest);
    expect(
      await renderer.renderText('model.shop.one', '{% for r in results %}{{ r.status }} {% endfor %}', {
        results: [{ status: 'pass' }],
      }),
    ).toBe('pass ');
    expect(await renderer.renderText('nobody', 'select 1')).toBe('select 1');
  });

  it('refuses work after it was closed, and ends what was under way', async () => {
    const renderer = render(manifest);
    const slow = renderer
      .renderText('model.shop.one', `{{ run_query('select pg_sleep(20)') }}`)
      .catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 700));
    const closed = renderer.close();
    await adapter.withSession((session) =>
      session.query(
        `select pg_cancel_backend(pid) from pg_stat_activity where query like '%pg_sleep(20)%' and pid <> pg_backend_pid()`,
      ),
    );
    await closed;
    expect(await slow).toMatchObject({ code: 'RUN.INTERRUPTED' });
    expect((await failure(renderer.compile('model.shop.one'))).code).toBe('RUN.INTERRUPTED');
  });
});

describe('compiling ahead', () => {
  const others = [makeModel('a', '{{ 1 + 1 }}'), makeModel('b', '{{ 2 + 2 }}')];

  /** A renderer that has had the time to compile `one` ahead: its only worker does what was asked for in order. */
  async function renderAhead(sql: string): Promise<NodeRenderer> {
    const manifest = makeManifest([makeModel('people', ''), makeModel('one', sql, depends('people')), ...others]);
    const renderer = render(manifest, { workers: 1 });
    renderer.compileAhead(['model.shop.one']);
    for (const name of ['a', 'b']) await renderer.compile(`model.shop.${name}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    return renderer;
  }

  it('has the SQL of a template that asks nothing, and tells what it says at its turn only', async () => {
    const told = (): RunEvent[] => events.filter((event) => 'text' in event && event.text.includes('told once'));
    const renderer = await renderAhead(
      `{{ log('told once', info=True) }}{{ modules.datetime.datetime.now(modules.pytz.utc).isoformat() }}`,
    );
    const before = new Date();
    expect(told()).toEqual([]);
    const { sql } = await renderer.compile('model.shop.one');
    expect(new Date(sql.trim()).getTime()).toBeLessThan(before.getTime());
    expect(told()).toHaveLength(1);
  });

  it('leaves a template that asks the database until its turn', async () => {
    await adapter.withSession((session) => session.query('create table analytics.growing (id int)'));
    const asking = [
      `{{ run_query('select count(*) as n from analytics.growing').rows[0].n }}`,
      `{{ adapter.get_relation('warehouse', 'analytics', 'grown') is none }}`,
      `{{ adapter.get_columns_in_relation(ref('people')) | length }}`,
    ];
    const renderers = await Promise.all(asking.map(renderAhead));
    await adapter.withSession((session) =>
      session.query(
        `insert into analytics.growing values (1); create table analytics.grown (); alter table analytics.people add later int`,
      ),
    );
    const compiled = await Promise.all(renderers.map((renderer) => renderer.compile('model.shop.one')));
    await adapter.withSession((session) => session.query(`alter table analytics.people drop later`));
    expect(compiled.map(({ sql }) => sql)).toEqual(['1', 'False', '4']);
  });

  it('has the text of a hook that asks nothing, and leaves one that asks until its turn', async () => {
    const renderer = await renderAhead('select 1');
    await adapter.withSession((session) => session.query('create table analytics.counted (id int)'));
    const count = `{{ run_query('select count(*) as n from analytics.counted').rows[0].n }}`;
    const now = `{{ sql }} {{ modules.datetime.datetime.now(modules.pytz.utc).isoformat() }}`;
    await renderer.compile('model.shop.one');
    for (const text of [count, now, 'plain']) renderer.renderTextAhead('model.shop.one', text);
    for (const name of ['a', 'b']) await renderer.compile(`model.shop.${name}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const before = new Date();
    await adapter.withSession((session) => session.query('insert into analytics.counted values (1)'));
    expect(await renderer.renderText('model.shop.one', count)).toBe('1');
    expect(await renderer.renderText('model.shop.one', 'plain')).toBe('plain');
    const [, when = ''] = (await renderer.renderText('model.shop.one', now)).split('select 1 ');
    expect(new Date(when).getTime()).toBeLessThanOrEqual(before.getTime());
    // What was rendered ahead is given once.
    const [, again = ''] = (await renderer.renderText('model.shop.one', now)).split('select 1 ');
    expect(new Date(again).getTime()).toBeGreaterThanOrEqual(before.getTime());
  });

  it('says at its turn what is wrong with a template', async () => {
    const renderer = await renderAhead(`{{ exceptions.raise_compiler_error('not like this') }}`);
    expect((await failure(renderer.compile('model.shop.one'))).message).toContain('not like this');
  });
});

describe('many models', () => {
  it('compiles a thousand tiny ones that are asked for at once', async () => {
    const models = Array.from({ length: 1000 }, (_, index) =>
      makeModel(
        `m${index}`,
        `{{ config(materialized='view') }} select * from {{ ref('base') }} -- {{ this.name }}`,
        depends('base'),
      ),
    );
    const renderer = render(makeManifest([makeModel('base', 'select 1'), ...models]));
    const compiled = await Promise.all(models.map((model) => renderer.compile(model.unique_id)));
    expect(compiled.map(({ sql }) => /-- (m\d+)/.exec(sql)?.[1])).toEqual(models.map((model) => model.name));
  });

  it('answers the templates of several nodes at once', async () => {
    // The second worker is started while the first one waits for its query, which must be long enough for that.
    const sql = `{%- set row = run_query('select clock_timestamp()::text as began, pg_sleep(4), clock_timestamp()::text as ended').rows[0] -%}
      {{ row.began }} | {{ row.ended }}`;
    const renderer = render(makeManifest([makeModel('s0', sql), makeModel('s1', sql)]));
    const both = await Promise.all(['s0', 's1'].map((name) => renderer.compile(`model.shop.${name}`)));
    const [first = [], second = []] = both.map((compiled) => compiled.sql.split(' | '));
    expect(first[0]! < second[1]! && second[0]! < first[1]!).toBe(true);
  });
});
