import { describe, expect, it } from 'vitest';
import { createTemplateEngine, type ParseNode, type ParseOutcome } from '../../src/context/index.js';
import type { Project } from '../../src/types/index.js';
import { macrosOf, makeConfig, makeInvocation, makeProject } from './make-project.js';

const node: ParseNode = {
  unique_id: 'model.shop.orders',
  resource_type: 'model',
  name: 'orders',
  package_name: 'shop',
  path: 'orders.sql',
  original_file_path: 'models/orders.sql',
  fqn: ['shop', 'orders'],
  database: 'warehouse',
  schema: 'analytics',
  alias: 'orders',
  line: 1,
  config: {},
};

function engineOf(macros: Record<string, string> = {}, project: Project = makeProject()) {
  const all = Object.entries(macros).flatMap(([name, text]) => Object.entries(macrosOf(name, text)));
  return createTemplateEngine({ project, invocation: makeInvocation(), macros: Object.fromEntries(all) });
}

function parse(text: string, macros: Record<string, string> = {}, change: Partial<ParseNode> = {}): ParseOutcome {
  return engineOf(macros).parseNode({ ...node, ...change }, text);
}

describe('parsing a template', () => {
  it('notes refs, sources and config, each once and in order', () => {
    const outcome = parse(
      `{{ config(materialized='table', tags='daily') }}
       select * from {{ ref('people') }} join {{ ref('tools', 'days') }} using (id)
       join {{ source('app', 'clicks') }} c on true join {{ ref('people') }} p on true
       join {{ ref('priced', v=2) }} v on true`,
    );
    expect(outcome).toEqual({
      refs: [
        { name: 'people', package: null, version: null },
        { name: 'days', package: 'tools', version: null },
        { name: 'priced', package: null, version: 2 },
      ],
      sources: [['app', 'clicks']],
      config: { materialized: 'table', tags: ['daily'] },
      macros: [],
    });
  });

  it('leaves a text without Jinja alone', () => {
    expect(parse('select 1')).toEqual({ refs: [], sources: [], config: {}, macros: [] });
  });

  it('adds up config() calls as dbt does', () => {
    const { config } = parse(`
      {{ config(tags=['a'], meta={'x': 1}, pre_hook='one', materialized='view') }}
      {{ config({'tags': 'b', 'meta': {'y': 2}, 'pre-hook': {'sql': 'two', 'transaction': false}, 'materialized': 'table'}) }}
      {{ config(grants={'select': ['a']}) }}{{ config(grants={'+select': 'b'}) }}`);
    expect(config).toEqual({
      tags: ['a', 'b'],
      meta: { x: 1, y: 2 },
      'pre-hook': ['one', { sql: 'two', transaction: false }],
      materialized: 'table',
      grants: { select: ['a', 'b'] },
    });
  });

  it('refuses a hook that is given twice', () => {
    expect(() => parse(`{{ config({'pre_hook': 'a', 'pre-hook': 'b'}) }}`)).toThrow('both pre_hook and pre-hook');
  });

  it('is executed with execute false, and asks nothing of a database', () => {
    const outcome = parse(`
      {% if execute %}{{ ref('only_when_run') }}{% endif %}
      {% set rows = run_query('select 1') %}
      {% for row in rows.columns[0].values() %}{{ row }}{% endfor %}
      {% set found = adapter.get_relation('d', 's', 'i') %}{% if found %}{{ ref('no') }}{% endif %}
      {% for column in adapter.get_columns_in_relation(this) %}{{ column.name }}{% endfor %}
      {% call statement('x', fetch_result=True) %} select 1 {% endcall %}
      {% set y = load_result('x')['data'][0][0] %}
      {{ something_unknown.of.a('kind') }} {{ ref('always') }}
      -- depends_on: {{ ref('hinted') }}`);
    expect(outcome.refs.map((ref) => ref.name)).toEqual(['always', 'hinted']);
  });

  it('knows the macros that a template calls, through packages and dispatch too', () => {
    const macros = {
      shop: `{% macro mine() %}x{% endmacro %}{% macro unused() %}{% endmacro %}`,
      tools: `{% macro days() %}{{ return(adapter.dispatch('days', 'tools')()) }}{% endmacro %}
              {% macro default__days() %}{{ ref('calendar') }}{% endmacro %}`,
    };
    const outcome = parse(`{{ mine() }} {{ tools.days() }} {{ adapter.dispatch('days', 'tools')() }}`, macros);
    expect(outcome.macros).toEqual(['macro.shop.mine', 'macro.tools.days', 'macro.tools.default__days']);
    expect(outcome.refs).toEqual([{ name: 'calendar', package: null, version: null }]);
  });

  it('gives an error its place in the file', () => {
    expect(() => parse(`select 1\n  {{ exceptions.raise_compiler_error('not so') }}`, {}, { line: 5 })).toThrow(
      expect.objectContaining({
        code: 'TEMPLATE.RAISED',
        message: 'not so',
        place: expect.objectContaining({ file: 'models/orders.sql', line: 6, column: 17 }),
      }),
    );
  });

  it('gives a variable that nobody set none, as dbt does in this phase', () => {
    expect(parse(`{% if var('nowhere') is none %}{{ ref('none') }}{% endif %}`).refs).toHaveLength(1);
  });

  it('names the environment variable that is missing, and hides those that hold a secret', () => {
    expect(() => parse(`{{ env_var('COLOUR') }}`)).toThrow(
      expect.objectContaining({ code: 'TEMPLATE.MISSING_ENV', hint: 'did you mean "COLOR"?' }),
    );
    expect(() => parse(`{{ env_var('HIDDEN') }}`)).toThrow(expect.objectContaining({ code: 'TEMPLATE.MISSING_ENV' }));
  });
});

describe('variables', () => {
  const seen = (vars: Partial<Project>, packageName = 'tools'): unknown => {
    const engine = engineOf({}, makeProject(vars));
    return engine.parseNode({ ...node, package_name: packageName }, `{{ config(x=var('x', 'default')) }}`).config['x'];
  };
  const root = (vars: object) => makeConfig('shop', { vars: vars as never });
  const tools = (vars: object) => [makeConfig('tools', { vars: vars as never })];

  it('come from the command line, the root project for the package, the root project, the package, the default', () => {
    const packages = tools({ x: 'package', tools: { x: 'package scoped' } });
    expect(seen({ cliVars: { x: 'cli' }, root: root({ x: 'root', tools: { x: 'root for tools' } }), packages })).toBe(
      'cli',
    );
    expect(seen({ root: root({ x: 'root', tools: { x: 'root for tools' } }), packages })).toBe('root for tools');
    expect(seen({ root: root({ x: 'root' }), packages })).toBe('root');
    expect(seen({ packages })).toBe('package scoped');
    expect(seen({ packages: tools({ x: 'package' }) })).toBe('package');
    expect(seen({ packages }, 'shop')).toBe('default');
    expect(seen({ root: root({ x: null }) })).toBe(null);
  });
});

describe('generic tests', () => {
  const macros = {
    shop: `{% test positive(model, column_name, at_least=0) %}
             {{ config(severity='warn') }}
             select * from {{ model }} where {{ column_name }} < {{ at_least }} -- {{ ref('limits') }}
           {% endtest %}`,
  };

  it('are called with their arguments rendered, and note what these refer to', () => {
    const outcome = parse('{{ test_positive(**_dbt_generic_test_kwargs) }}', macros, {
      resource_type: 'test',
      test_metadata: {
        name: 'positive',
        namespace: null,
        kwargs: { model: "{{ ref('orders') }}", column_name: 'amount', at_least: "{{ var('floor', 1) }}" },
      },
    });
    expect(outcome.refs.map((ref) => ref.name)).toEqual(['orders', 'limits']);
    expect(outcome.config).toEqual({ severity: 'warn' });
    expect(outcome.macros).toEqual(['macro.shop.test_positive']);
  });

  it('that do not exist are an error with the nearest name', () => {
    const test_metadata = { name: 'posative', namespace: null, kwargs: {} };
    expect(() => parse('', macros, { test_metadata })).toThrow(
      expect.objectContaining({ code: 'TEMPLATE.UNKNOWN_TEST', hint: 'did you mean "positive"?' }),
    );
  });
});

describe('names of relations', () => {
  const macros = {
    shop: `{% macro generate_schema_name(custom_schema_name, node) %}
             {% if target.name == 'dev' %}{{ target.schema }}_{{ custom_schema_name or node.name }}{% endif %}
           {% endmacro %}`,
    tools: `{% macro generate_schema_name(custom_schema_name, node) -%} of_tools {%- endmacro %}`,
  };

  it('come from the project and, for the nodes of a package, from the package', () => {
    const engine = engineOf(macros);
    expect(engine.generateName('schema', 'core', node)).toBe('analytics_core');
    expect(engine.generateName('schema', null, node)).toBe('analytics_orders');
    expect(engine.generateName('schema', null, { ...node, package_name: 'tools' })).toBe('of_tools');
  });
});

describe('macros', () => {
  it('are found in the own package, then the root project, then chemflow', () => {
    const engine = engineOf({ shop: '{% macro both() %}{% endmacro %}', tools: '{% macro both() %}{% endmacro %}' });
    expect(engine.findMacro('both', null, 'shop')?.package_name).toBe('shop');
    expect(engine.findMacro('both', null, 'tools')?.package_name).toBe('tools');
    expect(engine.findMacro('both', 'tools', 'shop')?.package_name).toBe('tools');
    expect(engine.findMacro('nothing', null, 'shop')).toBeUndefined();
  });
});
