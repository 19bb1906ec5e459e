import { describe, expect, it } from 'vitest';
import { ChemflowError, formatError } from '../../src/error/index.js';
import {
  builtinMacroFiles,
  compileMacro,
  compileTemplate,
  fromJson,
  hostFunction,
  PermissiveUndefined,
  scanBlocks,
  toJson,
  type PyValue,
  type Scope,
} from '../../src/jinja/index.js';

function scopeOf(names: Readonly<Record<string, PyValue>> = {}): Scope {
  return { lookup: (name) => names[name] };
}

function errorOf(work: () => unknown): ChemflowError {
  try {
    work();
  } catch (error) {
    if (error instanceof ChemflowError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

function render(text: string, names: Readonly<Record<string, PyValue>> = {}): string {
  return compileTemplate({ text, file: 'models/m.sql' }).render(scopeOf(names));
}

describe('errors', () => {
  it.each([
    ['{% if x %}', "this 'if' is not closed: '{% endif %}' is missing", 1, 1],
    ['a\n  {% endif %}', "unknown tag 'endif'", 2, 6],
    [
      '{% if x %}\n{% endfor %}',
      "unexpected tag 'endfor': the 'if' of line 1 is open, and 'elif' or 'else' or 'endif' was expected",
      2,
      4,
    ],
    ['{{ a b }}', "expected '}}', got 'b'", 1, 6],
    ['{{ (1, 2 }}', "unexpected '}', expected ')'", 1, 10],
    ['x\n{{ "abc }}', 'this string is not closed', 2, 4],
    ['{{ 1 ', "this tag is not closed: '}}' is missing", 1, 1],
    ['{# never closed', 'missing end of comment tag', 1, 1],
    ['{{ x|nofilter }}', "there is no filter 'nofilter'", 1, 6],
    ['{{ x is notest }}', "there is no test 'notest'", 1, 9],
    ['{% set 1 = 2 %}', "can't assign to '1'", 1, 8],
    ['{% break %}', "'break' stands outside of a loop", 1, 1],
    ['{% include "x" %}', "unknown tag 'include'", 1, 4],
  ])('%j names its place', (text, message, line, column) => {
    const error = errorOf(() => compileTemplate({ text, file: 'm.sql' }));
    expect([error.code, error.message, error.place?.line, error.place?.column]).toEqual([
      'JINJA.SYNTAX',
      message,
      line,
      column,
    ]);
  });

  it('say what a misspelt filter may have been', () => {
    expect(errorOf(() => compileTemplate({ text: '{{ x|uper }}', file: 'm.sql' })).hint).toBe('did you mean "upper"?');
  });

  it('of a run stand at the expression, whatever its line', () => {
    const error = errorOf(() => render('select\n{{ f(\n  1,\n  gone.x\n) }}', { f: hostFunction('f', () => 1) }));
    expect(formatError(error)).toBe(
      [
        "JINJA.UNDEFINED: 'gone' is undefined",
        '  at models/m.sql:4:8',
        '  3 |   1,',
        '  4 |   gone.x',
        '    |        ^',
      ].join('\n'),
    );
  });

  it('of a host without a place get the place of the tag that called', () => {
    const host = hostFunction('ref', () => {
      throw new ChemflowError({ code: 'PARSE.UNKNOWN_REF', message: 'no such model' });
    });
    const error = errorOf(() => render('select *\nfrom {{ ref("x") }}', { ref: host }));
    expect([error.code, error.place?.line, error.place?.column]).toEqual(['PARSE.UNKNOWN_REF', 2, 9]);
  });

  it('in macros name the macros that led there', () => {
    const text =
      '{% macro outer() %}\n{{ inner() }}\n{% endmacro %}\n\n{% macro inner() %}\n{{ 1 + none }}\n{% endmacro %}\n';
    const names: Record<string, PyValue> = {};
    for (const block of scanBlocks({ text, file: 'macros/a.sql' })) {
      const macro = compileMacro({ text: block.text, file: 'macros/a.sql', line: block.line, fileText: text });
      names[macro.name] = macro.bind(scopeOf(names));
    }
    const error = errorOf(() => render('x\n{{ outer() }}', names));
    expect([error.place?.file, error.place?.line, error.place?.column]).toEqual(['macros/a.sql', 6, 6]);
    expect(error.hint).toBe(
      'in macro inner (macros/a.sql:6)\nin macro outer (macros/a.sql:2)\ncalled from models/m.sql:2',
    );
  });

  it('of a macro without an end are errors of the author', () => {
    const macro = compileMacro({ text: '{% macro f() %}{{ f() }}{% endmacro %}', file: 'm.sql' });
    const names: Record<string, PyValue> = {};
    names['f'] = macro.bind(scopeOf(names));
    const error = errorOf(() => render('{{ f() }}', names));
    expect([error.code, error.message]).toEqual(['JINJA.TYPE', 'maximum recursion depth exceeded']);
    expect(error.hint?.split('\n').length).toBeLessThan(20);
  });
});

describe('templates', () => {
  it('without tags are only text', () => {
    expect(render("select 1 -- it's } fine\n\n")).toBe("select 1 -- it's } fine\n");
  });

  it('normalize line ends', () => {
    expect(render('a\r\nb {{ x }}\r\nc\r\n', { x: 1 })).toBe('a\nb 1\nc');
  });

  it('know the names that they look up, and the constant dispatches', () => {
    const template = compileTemplate({
      text: "{% set a = ref('x') %}{% for c in a.columns %}{{ dbt_utils.star(from=c) }}{{ adapter.dispatch('f', 'pkg')() }}{{ loop.index }}{% endfor %}{{ model.config.get('x') }}",
      file: 'm.sql',
    });
    expect([...template.names].sort()).toEqual(['adapter.dispatch', 'dbt_utils.star', 'model.config.get', 'ref']);
    expect(template.dispatches).toEqual([['f', 'pkg']]);
  });

  it('take a value of none for a name that is known', () => {
    expect(
      render('{{ range is none }} {{ x is none }} {{ d.a is none }}', {
        range: null,
        x: null,
        d: fromJson({ a: null }),
      }),
    ).toBe('True True True');
  });

  it('do not make macros of a model callable by their plain names', () => {
    expect(errorOf(() => render('{% macro f() %}1{% endmacro %}{{ f() }}')).message).toBe("'f' is undefined");
  });

  it('can be permissive about what is missing, as while a project is parsed', () => {
    const scope: Scope = { lookup: () => undefined, missing: (name) => new PermissiveUndefined(name) };
    const template = compileTemplate({
      text: '{{ a.b.c(1)["d"] }}{% for x in a.rows %}{{ x }}{% endfor %}{{ {}.x.y }}|',
      file: 'm.sql',
    });
    expect(template.render(scope)).toBe('|');
  });

  it('compile by the thousand in a moment', () => {
    const started = process.cpuUsage();
    for (let index = 0; index < 1000; index += 1) {
      compileTemplate({
        text: `{{ config(materialized='view') }}\nselect ${index} as a from {{ ref('m${index}') }}`,
        file: 'm.sql',
      });
    }
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1000).toBeLessThan(1500);
  });
});

describe('native rendering', () => {
  function native(text: string, names: Readonly<Record<string, PyValue>> = {}): unknown {
    return toJson(compileTemplate({ text, file: 'chemflow.yml' }).renderNative(scopeOf(names)));
  }

  it.each([
    ['{{ 1 }}', 1],
    ['{{ [1, {"a": none}] }}', [1, { a: null }]],
    ['{{ "5" }}', '5'],
    ['{{ "5" | as_number }}', 5],
    ['{{ "True" | as_bool }}', true],
    ['{{ "[1, 2]" | as_native }}', [1, 2]],
    ['{{ "None" | as_native }}', null],
    ['{{ "7" | as_text }}', '7'],
    ['{{ 1 }}{{ 2 }}', '12'],
    ['x {{ 1 }}', 'x 1'],
    ['plain', 'plain'],
    ['{% if true %}{{ 5 }}{% endif %}', 5],
    ['{% set x %}a{% endset %}{{ x }}', 'a'],
  ])('%s', (text, expected) => {
    expect(native(text)).toEqual(expected);
  });

  it('refuses a value that is not what as_number or as_bool promise', () => {
    expect(errorOf(() => native('{{ "x" | as_number }}')).message).toBe(
      "could not convert value 'x' into type 'number'",
    );
    expect(errorOf(() => native('{{ "x" | as_bool }}')).code).toBe('JINJA.TYPE');
  });

  it('leaves as_bool without effect in SQL', () => {
    expect(render('{{ "true" | as_bool }}')).toBe('true');
  });
});

describe('top-level blocks', () => {
  const text = `text {# {% macro no() %} #}
{% docs a %} {% if stray {{ anything }} {% enddocs %}
{%- macro one(a, b="%}") -%} {{ "{% endmacro %}" }} {% raw %}{% endmacro %}{% endraw %}
{%- endmacro %}
{% test two(model) %}t{% endtest %}{% data_test three(model) %}t{% enddata_test %}
  {% materialization four, adapter='postgres' %}{% endmaterialization %}
{% snapshot five %}select 1{% endsnapshot %}`;

  it('are found with their contents, headers and lines', () => {
    const blocks = scanBlocks({ text, file: 'a.sql' });
    expect(blocks.map(({ kind, name, line, header }) => [kind, name, line, header])).toEqual([
      ['docs', 'a', 2, ''],
      ['macro', 'one', 3, '(a, b="%}")'],
      ['test', 'two', 5, '(model)'],
      ['test', 'three', 5, '(model)'],
      ['materialization', 'four', 6, ", adapter='postgres'"],
      ['snapshot', 'five', 7, ''],
    ]);
    expect(blocks[0]?.contents).toBe(' {% if stray {{ anything }} ');
    expect(blocks.every((block) => text.slice(block.offset).startsWith(block.text))).toBe(true);
  });

  it("have dbt's names as macros", () => {
    const names = scanBlocks({ text, file: 'a.sql' })
      .filter(({ kind }) => !['docs', 'snapshot'].includes(kind))
      .map((block) => compileMacro({ text: block.text, file: 'a.sql' }).name);
    expect(names).toEqual(['one', 'test_two', 'test_three', 'materialization_four_postgres']);
  });

  it.each([
    ['\n{% macro a() %}', "this 'macro' is not closed: '{% endmacro %}' is missing", 2],
    ['{% macro a() %}\n{% macro b() %}{% endmacro %}', "'macro a' is not closed before another 'macro' begins", 2],
    ['{% macro %}{% endmacro %}', "this 'macro' has no name", 1],
  ])('that do not end are errors: %j', (source, message, line) => {
    const error = errorOf(() => scanBlocks({ text: source, file: 'a.sql' }));
    expect([error.message, error.place?.line]).toEqual([message, line]);
  });

  it('of types in a signature are read and forgotten', () => {
    const macro = compileMacro({
      text: '{% macro f(a: relation, b: Optional[List[str]] = none) %}{{ a }}{% endmacro %}',
      file: 'a.sql',
    });
    expect(macro.parameters).toEqual(['a', 'b']);
  });
});

describe('builtin macros', () => {
  it('compile, each name once', () => {
    const names = builtinMacroFiles().flatMap(({ packageName, file, text }) =>
      scanBlocks({ text, file }).map(
        (block) => `${packageName}.${compileMacro({ text: block.text, file, line: block.line, fileText: text }).name}`,
      ),
    );
    expect(names.length).toBeGreaterThan(100);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});
