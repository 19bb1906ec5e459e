import { createRequire } from 'node:module';
import type { parse as Parse, stringify as Stringify } from 'yaml';
import { fromJson, toJson, type PyValue } from '../jinja/index.js';
import type { Json } from '../types/index.js';

interface YamlModule {
  readonly parse: typeof Parse;
  readonly stringify: typeof Stringify;
}
let loaded: YamlModule | undefined;

/** The YAML package, loaded when a template first needs it: a worker that never does starts faster. */
function yaml(): YamlModule {
  loaded ??= createRequire(import.meta.url)('yaml') as YamlModule;
  return loaded;
}

/** A YAML text as template values, read by YAML 1.1 as Python does; throws what the parser throws. */
export function loadYaml(text: string): PyValue {
  return fromJson(yaml().parse(text, { version: '1.1', schema: 'yaml-1.1' }));
}

/** A value as YAML text in block style. */
export function dumpYaml(value: PyValue, sortKeys: boolean): string {
  const json: Json = toJson(value);
  return yaml().stringify(json, { sortMapEntries: sortKeys, version: '1.1' });
}
