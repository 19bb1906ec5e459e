import { dialectCompilers } from './codegen/compiler.js';
import { operations } from './runtime/operations.js';
import { Runtime } from './runtime/runtime.js';
import type { MacroStatement } from './syntax/ast.js';
import { parse } from './syntax/parser.js';
import { syntaxError } from './syntax/syntax-error.js';
import { functionOf } from './template.js';
import type { MacroDefinition, TemplateSource } from './template-types.js';
import type { PyCallable } from './values/value.js';

/** Compiles one `{% macro %}`, `{% test %}`, `{% data_test %}` or `{% materialization %}` block; ChemflowError JINJA.SYNTAX with its place. */
export function compileMacro(source: TemplateSource): MacroDefinition {
  const block = parse(source).children.find((node): node is MacroStatement => node.typename === 'MacroBlock');
  if (block === undefined) throw syntaxError(source, 'there is no macro here', 0, 0);
  const { code, names, dispatches } = dialectCompilers().compileMacro(source, block);
  const create = functionOf<(P: typeof operations, R: Runtime) => PyCallable>(code);
  return {
    name: block.name,
    parameters: block.parameters.map((parameter) => parameter.name),
    supportedLanguages: block.supportedLanguages,
    names,
    dispatches,
    bind: (scope) => create()(operations, new Runtime(scope, source)),
  };
}
