import { fromJson, toJson, type PyValue } from '../jinja/index.js';
import type { Json } from '../types/index.js';
import { yamlPackage } from '../util/yaml-package.js';

/** A YAML text as template values, read by YAML 1.1 as Python does; throws what the parser throws. */
export function loadYaml(text: string): PyValue {
  return fromJson(yamlPackage().parse(text, { version: '1.1', schema: 'yaml-1.1' }));
}

/** A value as YAML text in block style. */
export function dumpYaml(value: PyValue, sortKeys: boolean): string {
  const json: Json = toJson(value);
  return yamlPackage().stringify(json, { sortMapEntries: sortKeys, version: '1.1' });
}
