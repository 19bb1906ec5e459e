import { compileTemplate, toJson, type PyValue, type Scope } from '../jinja/index.js';
import type { Json, JsonObject } from '../types/index.js';
import { envVarFunction } from './env-var.js';
import type { YamlPlace, YamlRenderer, YamlRendererOptions } from './parse-types.js';
import { sharedMembers } from './shared-members.js';
import { targetValue } from './target-value.js';
import { VarObject } from './var-object.js';
import type { Frame } from './frame.js';

/** Names of the context that need neither a project nor a node. */
const plainNames = [
  'dbt_version',
  'return',
  'fromjson',
  'tojson',
  'fromyaml',
  'toyaml',
  'set',
  'set_strict',
  'zip',
  'zip_strict',
  'modules',
  'local_md5',
  'diff_of_two_dicts',
];

function isTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%') || text.includes('{#');
}

/** Makes a renderer for the Jinja in YAML values: var, env_var, target and the functions that need no project. */
export function createYamlRenderer(options: YamlRendererOptions): YamlRenderer {
  const members = new Map<string, PyValue>();
  members.set('var', new VarObject([options.cliVars, options.vars ?? {}], null, true));
  members.set(
    'env_var',
    envVarFunction(options.env, { allowSecrets: options.allowSecrets ?? false, reads: options.reads }),
  );
  if (options.target !== undefined) members.set('target', targetValue(options.target));
  const scope: Scope = {
    lookup: (name) => {
      if (plainNames.includes(name) && !members.has(name)) {
        const value = sharedMembers[name]?.({} as Frame);
        if (value !== undefined) members.set(name, value);
      }
      return members.get(name);
    },
  };
  const render = (value: Json, place: YamlPlace): Json => {
    if (typeof value === 'string') return isTemplate(value) ? renderText(value, place, scope, options.fileText) : value;
    if (Array.isArray(value))
      return value.map((item: Json, index) => render(item, { ...place, path: [...place.path, index] }));
    if (value === null || typeof value !== 'object') return value;
    const entries = Object.entries(value as JsonObject);
    return Object.fromEntries(
      entries.map(([key, item]) => [key, render(item, { ...place, path: [...place.path, key] })]),
    );
  };
  return { render };
}

function renderText(text: string, place: YamlPlace, scope: Scope, fileText: string | undefined): Json {
  const line = place.line ?? lineOf(text, fileText) ?? 1;
  return toJson(compileTemplate({ text, file: place.file, line, fileText }).renderNative(scope));
}

/** The line of a file on which a YAML text stands, where it stands there once. */
function lineOf(text: string, fileText: string | undefined): number | undefined {
  const first = text.split('\n')[0] ?? '';
  const at = fileText?.indexOf(first) ?? -1;
  if (fileText === undefined || at === -1 || fileText.includes(first, at + 1)) return undefined;
  return fileText.slice(0, at).split('\n').length;
}
