import { createRequire } from 'node:module';
import type * as Yaml from 'yaml';

type YamlPackage = typeof Yaml;
let loaded: YamlPackage | undefined;

/** The package `yaml`, loaded when something is first read with it: that takes as long as parsing a small project, and a cache often makes it unnecessary. */
export function yamlPackage(): YamlPackage {
  loaded ??= createRequire(import.meta.url)('yaml') as YamlPackage;
  return loaded;
}
