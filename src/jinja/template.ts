import type { Template, TemplateSource } from './template-types.js';

/** Compiles a text; ChemflowError JINJA.SYNTAX with its place where it is no Jinja. */
export function compileTemplate(source: TemplateSource): Template {
  throw new Error(`not written yet: ${source.file}`);
}
