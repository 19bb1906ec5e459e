import type { MacroDefinition, TemplateSource } from './template-types.js';

/** Compiles one `{% macro %}`, `{% test %}`, `{% data_test %}` or `{% materialization %}` block; ChemflowError JINJA.SYNTAX with its place. */
export function compileMacro(source: TemplateSource): MacroDefinition {
  throw new Error(`not written yet: ${source.file}`);
}
