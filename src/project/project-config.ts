import { readFileSync } from 'node:fs';
import { basename, relative } from 'node:path';
import { ChemflowError, didYouMean, throwAll } from '../error/index.js';
import type { DispatchRule, Json, JsonObject, ProjectConfig } from '../types/index.js';
import { treeKinds, unknownConfigError } from './config-keys.js';
import { connectionKeys } from './declared-connections.js';
import { checkExports, readExports } from './read-exports.js';
import { checkPrivacy, readPrivacy } from './read-privacy.js';
import { checkShape, type Report, type ValueKind } from './shape.js';
import { isObject, type YamlFile } from './yaml-file.js';

const paths = {
  'model-paths': ['models'],
  'seed-paths': ['seeds'],
  'snapshot-paths': ['snapshots'],
  'macro-paths': ['macros'],
  'test-paths': ['tests'],
  'analysis-paths': ['analyses'],
} as const;

/** Keys that dbt_project.yml may have. */
const dbtKeys: Readonly<Record<string, ValueKind>> = {
  name: 'text',
  version: 'scalar',
  'config-version': 'scalar',
  'require-dbt-version': 'texts',
  profile: 'text',
  'model-paths': 'list',
  'source-paths': 'list',
  'seed-paths': 'list',
  'data-paths': 'list',
  'snapshot-paths': 'list',
  'macro-paths': 'list',
  'test-paths': 'list',
  'analysis-paths': 'list',
  'docs-paths': 'list',
  'asset-paths': 'list',
  'function-paths': 'list',
  'osi-paths': 'list',
  'target-path': 'text',
  'log-path': 'text',
  'packages-install-path': 'text',
  'clean-targets': 'list',
  quoting: 'mapping',
  'on-run-start': 'texts',
  'on-run-end': 'texts',
  dispatch: 'mappings',
  models: 'mapping',
  seeds: 'mapping',
  snapshots: 'mapping',
  analyses: 'mapping',
  sources: 'mapping',
  tests: 'mapping',
  data_tests: 'mapping',
  unit_tests: 'mapping',
  metrics: 'mapping',
  'semantic-models': 'mapping',
  'saved-queries': 'mapping',
  exposures: 'mapping',
  functions: 'mapping',
  vars: 'mapping',
  'query-comment': 'any',
  'restrict-access': 'boolean',
  'dbt-cloud': 'any',
  flags: 'mapping',
  packages: 'list',
};

/** Keys that only chemflow.yml has. */
const chemflowKeys: Readonly<Record<string, ValueKind>> = {
  targets: 'mapping',
  target: 'text',
  warehouse: 'mapping',
  connections: 'mapping',
  sample: 'boolean',
  hash_salt: 'text',
  exports: 'mappings',
  privacy: 'mapping',
};

const targetKeys: Readonly<Record<string, ValueKind>> = {
  schema: 'scalar',
  threads: 'number',
  role: 'text',
  search_path: 'text',
  ...connectionKeys,
};

/** A project file as read, before its Jinja is rendered. */
export interface ProjectFile {
  readonly kind: 'chemflow' | 'dbt';
  readonly file: YamlFile;
  readonly value: JsonObject;
}

/** Where a project file's complaints go. */
export interface ProjectFileReports {
  readonly warn: Report;
  /** Receives the errors that the rest of the project can be read in spite of; without it they are thrown too. */
  readonly report?: Report | undefined;
}

/**
 * Reads and checks chemflow.yml or dbt_project.yml; unknown keys of a chemflow.yml are errors, of a dbt_project.yml are told as warnings.
 * Throws all errors of the file when one of them leaves nothing to go on with.
 */
export function readProjectFile(
  path: string,
  rootDir: string,
  readYaml: (file: string, text: string) => YamlFile,
  { warn, report: tell }: ProjectFileReports,
): ProjectFile {
  const shown = relative(rootDir, path) || path;
  const file = readYaml(shown, readFileSync(path, 'utf8'));
  const kind = basename(path) === 'chemflow.yml' ? 'chemflow' : 'dbt';
  if (!isObject(file.value))
    throw new ChemflowError({
      code: 'CONFIG.SHAPE',
      message: `${shown} is not a mapping of keys to values.`,
      hint: 'begin with name: my_project',
      place: file.placeOf([]),
    });
  const errors: ChemflowError[] = [];
  let isReadable = true;
  const report: Report = (error) => {
    isReadable = false;
    errors.push(asConfigError(error));
  };
  const passOver: Report = (error) => errors.push(asConfigError(error));
  const unknownKeys: Report = kind === 'chemflow' ? passOver : (error) => warn(asConfigError(error));
  const check = (value: JsonObject, shape: Readonly<Record<string, ValueKind>>, at: string[], what: string): void =>
    checkShape(value, shape, { file, path: at, what, report, unknownKeys });
  check(file.value, kind === 'chemflow' ? { ...dbtKeys, ...chemflowKeys } : dbtKeys, [], shown);
  if (typeof file.value['name'] !== 'string' || !/^[^\d\W]\w*$/.test(file.value['name']))
    report(
      new ChemflowError({
        code: 'CONFIG.NAME',
        message:
          file.value['name'] === undefined
            ? `${shown} has no name.`
            : `"${String(file.value['name'])}" is no name of a project: letters, digits and underscores, no digit first.`,
        hint: 'write name: my_project',
        place: file.placeOf(['name']),
      }),
    );
  if (kind === 'chemflow') {
    for (const [name, target] of Object.entries(isObject(file.value['targets']) ? file.value['targets'] : {}))
      if (isObject(target)) check(target, targetKeys, ['targets', name], `target "${name}"`);
    const { warehouse, connections } = file.value;
    if (isObject(warehouse)) check(warehouse, connectionKeys, ['warehouse'], 'warehouse');
    for (const [name, connection] of Object.entries(isObject(connections) ? connections : {}))
      if (isObject(connection)) check(connection, connectionKeys, ['connections', name], `connection "${name}"`);
    checkPrivacy(file, file.value['privacy'], { report, unknownKeys });
    const salt = file.value['hash_salt'];
    if (salt !== undefined && salt !== null && salt !== 'required')
      passOver(
        new ChemflowError({
          code: 'CONFIG.SHAPE',
          message:
            'hash_salt is either "required" or left out; the salt itself is never written into a file of the project.',
          hint: 'set CHEMFLOW_HASH_SALT in the environment',
          place: file.placeOf(['hash_salt']),
        }),
      );
  }
  if (kind === 'chemflow') checkExports(file, report);
  if (kind === 'chemflow') checkTrees(file, file.value, passOver);
  if (tell === undefined || !isReadable) throwAll(errors);
  else errors.forEach(tell);
  return { kind, file, value: file.value };
}

/** Reports unknown keys of the configuration trees: those with a plus, and those whose value is no mapping. */
function checkTrees(file: YamlFile, value: JsonObject, report: Report): void {
  const walk = (kind: string, level: JsonObject, path: readonly string[]): void => {
    for (const [key, inner] of Object.entries(level)) {
      const at = [...path, key];
      if (!key.startsWith('+') && isObject(inner)) walk(kind, inner, at);
      else {
        const error = unknownConfigError(kind, key.replace(/^\+/, '').trim(), () => file.placeOf(at));
        if (error !== undefined) report(error);
      }
    }
  };
  for (const [treeKey, kind] of Object.entries({ ...treeKinds, tests: 'test' })) {
    const tree = value[treeKey];
    if (isObject(tree)) walk(kind, tree, [treeKey]);
  }
}

function asConfigError(error: ChemflowError): ChemflowError {
  const { message, hint, place } = error;
  return new ChemflowError({ code: error.code.replace(/^PARSE\./, 'CONFIG.'), message, hint, place });
}

/** Keys whose Jinja is left for later: it is rendered when a hook runs or a variable is read. */
export function isRenderedLater(path: readonly (string | number)[]): boolean {
  const [first] = path;
  if (first === 'on-run-start' || first === 'on-run-end' || first === 'vars' || first === 'query-comment') return true;
  return path.some((key) => typeof key === 'string' && /^\+?(?:pre|post)[-_]hook$/.test(key));
}

/** The kinds of resource whose configuration trees a project file holds, by dbt's keys. */
const treeKeys = [
  'models',
  'seeds',
  'snapshots',
  'analyses',
  'sources',
  'exposures',
  'unit_tests',
  'metrics',
  'functions',
];

function texts(value: Json | undefined): string[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as readonly Json[]).map(String) : [String(value as string)];
}

/** A project's settings of its file's rendered value; `root` is the absolute path of its folder. */
export function projectConfig(source: ProjectFile, rendered: JsonObject, root: string): ProjectConfig {
  const pathList = (key: keyof typeof paths, oldKey?: string): string[] => {
    const value = rendered[key] ?? (oldKey === undefined ? undefined : rendered[oldKey]);
    return (value === undefined || value === null ? [...paths[key]] : texts(value)).map((path) =>
      path.replace(/\/+$/, ''),
    );
  };
  const modelPaths = pathList('model-paths', 'source-paths');
  const seedPaths = pathList('seed-paths', 'data-paths');
  const snapshotPaths = pathList('snapshot-paths');
  const macroPaths = pathList('macro-paths');
  const testPaths = pathList('test-paths');
  const analysisPaths = pathList('analysis-paths');
  const docsPaths = texts(rendered['docs-paths']);
  const configTrees: Record<string, JsonObject> = {};
  for (const key of treeKeys) {
    const tree = rendered[key];
    if (isObject(tree)) configTrees[key] = tree;
  }
  const tests = { ...asObject(rendered['tests']), ...asObject(rendered['data_tests']) };
  if (Object.keys(tests).length > 0) configTrees['data_tests'] = tests;
  return {
    kind: source.kind,
    name: String(rendered['name']),
    version:
      rendered['version'] === undefined || rendered['version'] === null
        ? undefined
        : String(rendered['version'] as string),
    root,
    file: source.file.file,
    modelPaths,
    seedPaths,
    snapshotPaths,
    macroPaths,
    testPaths,
    analysisPaths,
    docsPaths:
      docsPaths.length > 0
        ? docsPaths
        : [...new Set([...modelPaths, ...seedPaths, ...snapshotPaths, ...analysisPaths, ...macroPaths, ...testPaths])],
    vars: asObject(rendered['vars']),
    configTrees,
    dispatch: readDispatch(rendered['dispatch']),
    onRunStart: texts(rendered['on-run-start']),
    onRunEnd: texts(rendered['on-run-end']),
    quoting: asObject(rendered['quoting']),
    flags: asObject(rendered['flags']),
    queryComment: rendered['query-comment'],
    exports: readExports(rendered['exports']),
    privacy: readPrivacy(source.file, rendered['privacy']),
  };
}

function asObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function readDispatch(value: Json | undefined): DispatchRule[] {
  if (!Array.isArray(value)) return [];
  return (value as readonly Json[]).filter(isObject).map((rule) => ({
    macro_namespace: String(rule['macro_namespace'] as string),
    search_order: texts(rule['search_order']),
  }));
}

/** `CONFIG.NO_PROJECT` for a folder without a project file. */
export function noProjectError(folder: string, entries: readonly string[]): ChemflowError {
  const guess = entries.find((entry) => didYouMean('chemflow.yml', [entry]) !== undefined);
  return new ChemflowError({
    code: 'CONFIG.NO_PROJECT',
    message: `There is no chemflow.yml and no dbt_project.yml in ${folder}.`,
    hint:
      guess === undefined
        ? 'change into a project, or name one with --project-dir'
        : `is ${guess} meant to be chemflow.yml?`,
  });
}
