import { ChemflowError, didYouMean } from '../error/index.js';
import type { DataTest, Json, JsonObject, RefCall, ResourceId } from '../types/index.js';
import { asObject, describe } from './describe.js';
import { renderYaml } from './render-yaml-now.js';
import { makeNode } from './make-node.js';
import { attempt, type ParseContext, type PropertyEntry } from './parse-context.js';
import type { RelationNamer } from './relation-names.js';
import { testHash, testNames } from './test-names.js';
import { hasJinja, isObject, type YamlPath } from './yaml-file.js';

/** What a generic test hangs on. */
export interface TestedResource {
  /** Id of the resource; undefined where the entry has no resource (its tests are told as errors by their references). */
  readonly id: ResourceId | undefined;
  /** The name in the test's name: the resource's, or `source_table`. */
  readonly label: string;
  readonly prefix: '' | 'source_';
  readonly call: string;
  readonly ref: RefCall | undefined;
  readonly source: readonly [string, string] | undefined;
}

/** Keys of a test that are its configuration and not arguments of its macro. */
const configArguments = [
  'severity',
  'tags',
  'enabled',
  'where',
  'limit',
  'warn_if',
  'error_if',
  'fail_calc',
  'store_failures',
  'store_failures_as',
  'meta',
  'database',
  'schema',
  'alias',
  'group',
  'sql_header',
];

/** Tests whose references follow from their arguments, so that no template needs to be rendered to know them. */
const builtinTests = new Set(['unique', 'not_null', 'accepted_values', 'relationships', 'expression_is_true']);

const callText = /^\s*(?:env_var|ref|var|source|doc)\s*\(.+\)\s*$/s;
const refText = /^\s*(?:\{\{)?\s*ref\(\s*(['"])([\w.]+)\1\s*(?:,\s*(['"])([\w.]+)\3\s*)?\)\s*(?:\}\})?\s*$/;
const sourceText = /^\s*(?:\{\{)?\s*source\(\s*(['"])([\w. -]+)\1\s*,\s*(['"])([\w. -]+)\3\s*\)\s*(?:\}\})?\s*$/;

interface TestParts {
  readonly name: string;
  readonly namespace: string | null;
  readonly customName: string | undefined;
  readonly args: JsonObject;
  readonly config: JsonObject;
  readonly description: string;
}

function shapeError(context: ParseContext, entry: PropertyEntry, path: YamlPath, message: string, hint?: string): void {
  context.report(new ChemflowError({ code: 'PARSE.SHAPE', message, hint, place: entry.file.placeOf(path) }));
}

function readTest(context: ParseContext, entry: PropertyEntry, value: Json, path: YamlPath): TestParts | undefined {
  let fullName: string;
  let written: JsonObject;
  if (typeof value === 'string') [fullName, written] = [value, {}];
  else if (!isObject(value)) {
    shapeError(
      context,
      entry,
      path,
      'A test is neither a name nor a mapping.',
      'write - not_null, or - accepted_values: ...',
    );
    return undefined;
  } else if (typeof value['test_name'] === 'string') {
    const { test_name: testName, ...rest } = value;
    [fullName, written] = [testName, rest];
  } else {
    const [[key, inner] = ['', null], ...others] = Object.entries(value);
    if (key === '' || others.length > 0 || !(inner === null || isObject(inner))) {
      const hint =
        others.length > 0
          ? `indent ${others.map(([name]) => `"${name}"`).join(', ')} below "${key}:"`
          : `write its arguments below "${key}:"`;
      shapeError(context, entry, path, 'A test is written as one key, its name, with its arguments below.', hint);
      return undefined;
    }
    [fullName, written] = [key, inner ?? {}];
  }
  const dot = fullName.lastIndexOf('.');
  const { config: inner, arguments: nested, name: customName, description, ...flat } = written;
  const config: Record<string, Json> = {};
  const args: Record<string, Json> = {};
  for (const [key, argument] of Object.entries(flat)) {
    if (configArguments.includes(key)) config[key] = argument;
    else args[key] = argument;
  }
  for (const [key, argument] of Object.entries(asObject(nested))) {
    if (args[key] !== undefined)
      shapeError(context, entry, [...path, fullName, key], `The argument "${key}" of "${fullName}" is given twice.`);
    args[key] = argument;
  }
  for (const [key, setting] of Object.entries(asObject(inner))) {
    if (config[key] !== undefined)
      shapeError(
        context,
        entry,
        [...path, fullName, key],
        `"${key}" of "${fullName}" is given twice: beside and below "config".`,
      );
    config[key] = setting;
  }
  const { env, cliVars, target } = context.project;
  const rendered = renderYaml(
    config,
    entry.file,
    [...path, fullName, 'config'],
    { env, cliVars, target, reads: context.reads },
    (at) => at.at(-1) === 'where',
  );
  return {
    name: fullName.slice(dot + 1),
    namespace: dot === -1 ? null : fullName.slice(0, dot),
    customName: typeof customName === 'string' ? customName : undefined,
    args,
    config: rendered as JsonObject,
    description: describe(context, entry, description, path),
  };
}

/** The arguments of chemflow's own tests beside the model and the column: those that must be there, and those that may. */
const builtinArguments: Readonly<Record<string, readonly [needed: readonly string[], allowed: readonly string[]]>> = {
  unique: [[], []],
  not_null: [[], []],
  accepted_values: [['values'], ['quote']],
  relationships: [['to', 'field'], []],
  expression_is_true: [['expression'], []],
};

/** Arguments that a test of chemflow's own does not have, or lacks: `PARSE.TEST_ARGUMENT`. */
function checkArguments(context: ParseContext, entry: PropertyEntry, parts: TestParts, path: YamlPath): void {
  const known = builtinArguments[parts.name];
  const macro = context.engine.findMacro(`test_${parts.name}`, parts.namespace, entry.packageName);
  if (known === undefined || macro?.package_name !== 'dbt') return;
  const [needed, allowed] = known;
  const names = [...needed, ...allowed];
  const wrong = Object.keys(parts.args).filter((key) => !['model', 'column_name', ...names].includes(key));
  const report = (message: string, hint: string | undefined): void => {
    context.report(new ChemflowError({ code: 'PARSE.TEST_ARGUMENT', message, hint, place: entry.file.placeOf(path) }));
  };
  for (const key of wrong)
    report(
      `"${key}" is no argument of the test ${parts.name}.`,
      didYouMean(key, [...names, ...configArguments]) ??
        (names.length === 0 ? 'it has no arguments' : `its arguments are ${names.join(', ')}`),
    );
  if (wrong.length > 0) return;
  for (const key of needed)
    if (parts.args[key] === undefined)
      report(`The test ${parts.name} needs the argument "${key}".`, `write it below arguments: of ${parts.name}`);
}

/** The references of a test of chemflow's own, or undefined where its template must be rendered to know them. */
function knownReferences(
  context: ParseContext,
  tested: TestedResource,
  parts: TestParts,
  kwargs: JsonObject,
  packageName: string,
): { refs: RefCall[]; sources: (readonly [string, string])[]; macros: string[] } | undefined {
  if (!builtinTests.has(parts.name)) return undefined;
  const macro = context.engine.findMacro(`test_${parts.name}`, parts.namespace, packageName);
  if (macro?.package_name !== 'dbt') return undefined;
  const refs: RefCall[] = tested.ref === undefined ? [] : [tested.ref];
  const sources: (readonly [string, string])[] = tested.source === undefined ? [] : [tested.source];
  for (const [key, value] of Object.entries(kwargs)) {
    if (key === 'model' || key === 'values' || key === 'column_name') continue;
    if (typeof value !== 'string') continue;
    const ref = refText.exec(value);
    const source = sourceText.exec(value);
    if (ref !== null) {
      const [first = '', second] = [ref[2], ref[4]];
      refs.push({ name: second ?? first, package: second === undefined ? null : first, version: null });
    } else if (source !== null) sources.push([source[2] ?? '', source[4] ?? '']);
    else if (hasJinja(value) || callText.test(value)) return undefined;
  }
  if (Object.values(kwargs).some((value) => Array.isArray(value) && JSON.stringify(value).includes('{{')))
    return undefined;
  return { refs, sources, macros: [macro.unique_id] };
}

function unknownTest(context: ParseContext, entry: PropertyEntry, parts: TestParts, path: YamlPath): void {
  const shown = parts.namespace === null ? parts.name : `${parts.namespace}.${parts.name}`;
  const names = context.testNames();
  context.report(
    new ChemflowError({
      code: 'PARSE.UNKNOWN_TEST',
      message: `There is no generic test "${shown}".`,
      hint:
        didYouMean(parts.name, names) ??
        (parts.namespace === null
          ? `write it as a macro: {% test ${parts.name}(model, column_name) %} ... {% endtest %}`
          : `is the package "${parts.namespace}" installed?`),
      place: entry.file.placeOf(path),
    }),
  );
}

/** Parses one generic test of an entry; adds it to the context's nodes. */
function parseTest(
  context: ParseContext,
  namer: RelationNamer,
  entry: PropertyEntry,
  tested: TestedResource,
  columnName: string | null,
  value: Json,
  path: YamlPath,
): void {
  const parts = readTest(context, entry, value, path);
  if (parts === undefined) return;
  const packageName = entry.packageName;
  if (context.engine.findMacro(`test_${parts.name}`, parts.namespace, packageName) === undefined) {
    unknownTest(context, entry, parts, path);
    return;
  }
  checkArguments(context, entry, parts, path);
  const args: JsonObject = columnName === null ? parts.args : { ...parts.args, column_name: columnName };
  const testName = `${parts.namespace === null ? '' : `${parts.namespace}_`}${tested.prefix}${parts.name}`;
  const names =
    parts.customName === undefined
      ? testNames(testName, tested.label, args)
      : { full: parts.customName, short: parts.customName };
  const written = {
    name: parts.name,
    namespace: parts.namespace,
    kwargs: { ...args, model: `{{ get_where_subquery(${tested.call}) }}` },
  };
  const id = `test.${packageName}.${names.full}.${testHash(names.full, written)}`;
  // A call such as ref('x') is text in YAML, and an expression to the test's macro.
  const kwargs = Object.fromEntries(
    Object.entries(written.kwargs).map(([key, argument]) => [
      key,
      typeof argument === 'string' && key !== 'column_name' && callText.test(argument)
        ? `{{ ${argument.trim()} }}`
        : argument,
    ]),
  );
  const folders = entry.source.path.split('/').slice(0, -1);
  const config =
    names.short === names.full || parts.config['alias'] !== undefined
      ? parts.config
      : { ...parts.config, alias: names.short };
  if (context.nodes.has(id)) {
    context.report(
      new ChemflowError({
        code: 'PARSE.DUPLICATE_NAME',
        message: `The test "${names.full}" is there twice, with the same arguments.`,
        hint: 'take one away, or give one a name of its own: name: ...',
        place: entry.file.placeOf(path),
      }),
    );
    return;
  }
  const origin = { place: () => entry.file.placeOf(path), find: () => entry.file.placeOf(path) };
  const node = makeNode(context, namer, {
    id,
    type: 'test',
    treeKey: 'data_tests',
    name: names.full,
    source: entry.source,
    path: `${names.short}.sql`,
    fqn: [packageName, ...folders, names.full],
    code: `{{ ${parts.namespace === null ? '' : `${parts.namespace}.`}test_${parts.name}(**_dbt_generic_test_kwargs) }}`,
    line: entry.file.lineOf(path),
    checksum: { name: 'none', checksum: '' },
    extraConfig: config,
    test: { test_metadata: { ...written, kwargs }, column_name: columnName, description: parts.description },
    known: knownReferences(context, tested, parts, kwargs, packageName),
    origin,
  });
  const test: DataTest = {
    ...(node as DataTest),
    test_metadata: { ...written, kwargs },
    attached_node: tested.id ?? null,
    column_name: columnName,
    file_key_name: `${entry.kind}.${entry.name}`,
  };
  context.origins.set(id, origin);
  if (test.config.enabled) context.nodes.set(id, test);
  else context.disabled.push(test);
}

/** Parses the tests of an entry (or of one table of a source) and of its columns. */
export function parseGenericTests(
  context: ParseContext,
  namer: RelationNamer,
  entry: PropertyEntry,
  tested: TestedResource,
  value: JsonObject = entry.value,
  path: YamlPath = entry.path,
): void {
  const parseList = (holder: JsonObject, at: YamlPath, columnName: string | null): void => {
    for (const key of ['data_tests', 'tests'] as const) {
      const list = holder[key];
      if (!Array.isArray(list)) continue;
      (list as readonly Json[]).forEach((test, index) => {
        attempt(context.report, () => {
          parseTest(context, namer, entry, tested, columnName, test, [...at, key, index]);
        });
      });
    }
  };
  parseList(value, path, null);
  const columns = value['columns'];
  if (!Array.isArray(columns)) return;
  (columns as readonly Json[]).forEach((column, index) => {
    if (!isObject(column) || column['name'] === undefined || column['name'] === null) return;
    const name = String(column['name'] as string);
    parseList(column, [...path, 'columns', index], column['quote'] === true ? `"${name}"` : name);
  });
}
