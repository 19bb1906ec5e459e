import { ChemflowError } from '../error/index.js';
import type { TemplateEngine, TemplateEngineOptions } from './parse-types.js';

/** Makes the engine of the parse phase for one project: templates are rendered with `execute` false, and what they call is noted. */
export function createTemplateEngine(_options: TemplateEngineOptions): TemplateEngine {
  throw new ChemflowError({ code: 'TEMPLATE.UNFINISHED', message: 'The template engine is being written.' });
}
