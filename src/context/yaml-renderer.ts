import { ChemflowError } from '../error/index.js';
import type { YamlRenderer, YamlRendererOptions } from './parse-types.js';

/** Makes a renderer for the Jinja in YAML values: var, env_var, target and the functions that need no project. */
export function createYamlRenderer(_options: YamlRendererOptions): YamlRenderer {
  throw new ChemflowError({ code: 'TEMPLATE.UNFINISHED', message: 'The YAML renderer is being written.' });
}
