import { createYamlRenderer } from '../context/index.js';
import type { Json } from '../types/index.js';
import { renderYamlWith, type YamlScope } from './render-yaml.js';
import type { YamlFile, YamlPath } from './yaml-file.js';

/** Renders the Jinja in the strings of a YAML file's part, where the template engine is loaded anyway. */
export function renderYaml(
  value: Json,
  file: YamlFile,
  path: YamlPath,
  scope: YamlScope,
  isSkipped?: (path: YamlPath) => boolean,
): Json {
  return renderYamlWith(createYamlRenderer, value, file, path, scope, isSkipped);
}
