import { describe, expect, it } from 'vitest';
import { ChemflowError } from '../../src/error/index.js';
import {
  compileMacro,
  compileTemplate,
  fromJson,
  hostFunction,
  pythonModules,
  Returned,
  scanBlocks,
  type PyValue,
  type Scope,
} from '../../src/jinja/index.js';
import { readCases, type JinjaCase } from './read-cases.js';

const leaf = (name: string): unknown => ({ name, children: [] });
const tree = [{ name: 'a', children: [leaf('b'), leaf('c')] }, leaf('d')];

function scopeOf(macros: string): Scope {
  const names = new Map<string, PyValue>([
    ['given', 'g'],
    ['tree', fromJson(tree)],
    ['modules', pythonModules()],
    [
      'return',
      hostFunction('return', ([value = null]) => {
        throw new Returned(value);
      }),
    ],
  ]);
  const scope: Scope = { lookup: (name) => names.get(name) };
  for (const block of scanBlocks({ text: macros, file: 'macros.sql' })) {
    const macro = compileMacro({ text: block.text, file: 'macros.sql', line: block.line, fileText: macros });
    names.set(macro.name, macro.bind(scope));
  }
  return scope;
}

function render({ macros, template }: JinjaCase): string {
  return compileTemplate({ text: template, file: 'case.sql' }).render(scopeOf(macros));
}

const cases = readCases();

describe.each([...new Set(cases.map(({ file }) => file))])('%s renders as Jinja2 does', (file) => {
  it.each(cases.filter((one) => one.file === file))('$title', (one) => {
    if (one.error === undefined) {
      expect(render(one)).toBe(one.expected);
      return;
    }
    let thrown: unknown;
    try {
      render(one);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ChemflowError);
    const error = thrown as ChemflowError;
    expect(`${error.code}: ${error.message}`).toBe(one.error);
    expect(error.place).toBeDefined();
  });
});
