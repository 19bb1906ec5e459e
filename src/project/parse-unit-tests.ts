import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChemflowError, didYouMean } from '../error/index.js';
import type {
  Json,
  JsonObject,
  Seed,
  UnitTest,
  UnitTestInput,
  UnitTestOverrides,
  UnitTestRows,
} from '../types/index.js';
import { parseCsv } from '../util/csv.js';
import { asObject, describe } from './describe.js';
import { mergeConfig, projectLayers } from './merge-config.js';
import { uniqueTexts } from './node-config.js';
import type { ParseContext, PropertyEntry } from './parse-context.js';
import { referenceCall } from './parse-exposures.js';
import { unknownKeys } from './read-properties.js';
import { checkShape, kindOf, type ValueKind } from './shape.js';
import { readText } from './source-files.js';
import { isObject, type YamlPath } from './yaml-file.js';

const formats = ['dict', 'csv', 'sql'] as const;
const rowsShape: Readonly<Record<string, ValueKind>> = { rows: 'any', format: 'text', fixture: 'text' };
const inputShape: Readonly<Record<string, ValueKind>> = { input: 'text', ...rowsShape };
const overridesShape: Readonly<Record<string, ValueKind>> = { macros: 'mapping', vars: 'mapping', env_vars: 'mapping' };

/** What the parts of one unit test's parsing share. */
interface TestEntry {
  readonly context: ParseContext;
  readonly entry: PropertyEntry;
  fail(message: string, path: YamlPath, hint?: string): void;
}

/** The records of a CSV text by the names in its head; an empty field is null. Throws where it is no CSV. */
function csvRows(text: string, delimiter = ','): JsonObject[] {
  const [head = [], ...records] = parseCsv(text, delimiter);
  const names = head.map((name) => name.trim());
  return records.map((record) => {
    if (record.length > names.length)
      throw new Error(`a record has ${record.length} fields, but the head names ${names.length}`);
    return Object.fromEntries(
      names.map((name, index) => [name, record[index] === '' ? null : (record[index] ?? null)]),
    );
  });
}

function fixtureText(test: TestEntry, name: string, format: 'csv' | 'sql', path: YamlPath): string {
  const { context, entry } = test;
  const own = context.fixtures.filter((file) => file.packageName === entry.packageName);
  const nameOf = (shown: string): string => (shown.split('/').at(-1) ?? '').replace(/\.[^.]*$/, '');
  const found = own.find((file) => nameOf(file.shown) === name && file.shown.endsWith(`.${format}`));
  if (found === undefined) {
    const hint =
      didYouMean(
        name,
        own.map((file) => nameOf(file.shown)),
      ) ?? `write it as tests/fixtures/${name}.${format}`;
    test.fail(`The fixture "${name}" of the unit test "${entry.name}" is no ${format} file.`, path, hint);
    return '';
  }
  return (context.files[found.shown] ??= readText(found));
}

/** The rows of an input or of the expectation; undefined where neither rows nor a fixture are told. */
function parseRows(test: TestEntry, value: JsonObject, what: string, path: YamlPath): UnitTestRows | undefined {
  const named = value['format'] ?? 'dict';
  const format = formats.find((one) => one === named);
  if (format === undefined) {
    test.fail(`"${String(named as string)}" is no format of rows.`, [...path, 'format'], 'write dict, csv or sql');
    return undefined;
  }
  const fixture = typeof value['fixture'] === 'string' ? value['fixture'] : null;
  const rows = value['rows'] ?? undefined;
  if (fixture !== null && rows !== undefined)
    test.fail(`${what} has both rows and a fixture.`, [...path, 'fixture'], 'take one of them away');
  if (format === 'dict') {
    if (fixture !== null) {
      test.fail(
        `${what} has a fixture, but its format is dict.`,
        [...path, 'fixture'],
        'write format: csv or format: sql',
      );
      return undefined;
    }
    if (rows === undefined) return undefined;
    if (Array.isArray(rows) && rows.every(isObject)) return { format, rows, fixture };
    test.fail(
      `The rows of ${what} must be a list of mappings, but are ${kindOf(rows)}.`,
      [...path, 'rows'],
      'write - { id: 1, name: a }, or say format: csv or format: sql',
    );
    return undefined;
  }
  if (fixture === null && rows === undefined) return undefined;
  if (rows !== undefined && typeof rows !== 'string') {
    test.fail(
      `The rows of ${what} must be a text, as their format is ${format}, but are ${kindOf(rows)}.`,
      [...path, 'rows'],
      'write rows: | and the text below it',
    );
    return undefined;
  }
  const text = fixture === null ? (rows ?? '') : fixtureText(test, fixture, format, [...path, 'fixture']);
  if (format === 'sql') return { format, rows: text, fixture };
  try {
    return { format, rows: csvRows(text), fixture };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    test.fail(`The rows of ${what} are no CSV: ${reason}.`, [...path, fixture === null ? 'rows' : 'fixture']);
    return undefined;
  }
}

function parseGiven(test: TestEntry, list: readonly Json[]): UnitTestInput[] {
  const { context, entry } = test;
  const config = context.packages.get(entry.packageName) ?? context.project.root;
  return list.flatMap((given, index) => {
    if (!isObject(given)) return [];
    const path = [...entry.path, 'given', index];
    const input = typeof given['input'] === 'string' ? given['input'].trim() : '';
    const what = input === '' ? `input ${index + 1} of the unit test "${entry.name}"` : `the input ${input}`;
    checkShape(given, inputShape, {
      file: entry.file,
      path,
      what,
      report: context.report,
      unknownKeys: unknownKeys(config, context.project.root, context),
    });
    if (input === '') {
      test.fail(
        `This input of the unit test "${entry.name}" does not say what it is.`,
        path,
        "write input: ref('model'), source('source', 'table') or this",
      );
      return [];
    }
    const isSilent = (given['rows'] ?? null) === null && (given['fixture'] ?? null) === null;
    const rows = isSilent ? seedRows(test, input, path) : parseRows(test, given, what, path);
    return rows === undefined ? [] : [{ input, ...rows }];
  });
}

/** The rows of an input that tells none: those of the seed that it names. */
function seedRows(test: TestEntry, input: string, path: YamlPath): UnitTestRows | undefined {
  const [, kind, , first = '', , second] = referenceCall.exec(input) ?? [];
  const name = kind === 'ref' ? (second ?? first) : undefined;
  const seed = [...test.context.nodes.values()].find(
    (node): node is Seed => node.resource_type === 'seed' && node.name === name,
  );
  if (seed === undefined) {
    test.fail(`The input ${input} has no rows.`, path, 'write rows: [] for none; only a seed brings its own');
    return undefined;
  }
  const delimiter = typeof seed.config['delimiter'] === 'string' ? seed.config['delimiter'] : ',';
  const text = readFileSync(join(seed.root_path, seed.original_file_path), 'utf8').replace(/^\uFEFF/, '');
  return { format: 'dict', rows: csvRows(text, delimiter), fixture: null };
}

function parseOverrides(test: TestEntry, value: Json | undefined): UnitTestOverrides | null {
  if (!isObject(value)) return null;
  const { context, entry } = test;
  const path = [...entry.path, 'overrides'];
  const config = context.packages.get(entry.packageName) ?? context.project.root;
  const strict = unknownKeys(config, context.project.root, context);
  const what = `the overrides of the unit test "${entry.name}"`;
  checkShape(value, overridesShape, { file: entry.file, path, what, report: context.report, unknownKeys: strict });
  return {
    macros: asObject(value['macros']),
    vars: asObject(value['vars']),
    env_vars: asObject(value['env_vars']),
  };
}

/** Parses a unit test with the rows of its fixtures; what its inputs and its model mean is resolved later. */
export function parseUnitTest(context: ParseContext, entry: PropertyEntry): void {
  const { project } = context;
  const { value, name } = entry;
  const test: TestEntry = {
    context,
    entry,
    fail: (message, path, hint) => {
      context.report(new ChemflowError({ code: 'PARSE.UNIT_TEST', message, hint, place: entry.file.placeOf(path) }));
    },
  };
  const model = typeof value['model'] === 'string' ? value['model'].trim() : '';
  if (model === '') {
    test.fail(`The unit test "${name}" does not say which model it tests.`, entry.path, 'write model: and its name');
    return;
  }
  const owner = context.packages.get(entry.packageName) ?? project.root;
  const folders = entry.source.path.split('/').slice(0, -1);
  const fqn = [entry.packageName, ...folders, model, name];
  const config = mergeConfig([
    ...projectLayers(owner, project.root, 'unit_tests', fqn),
    { tags: uniqueTexts(value['tags']), meta: asObject(value['meta']) },
    asObject(value['config']),
  ]);
  const severity = String((config['severity'] ?? 'error') as string).toLowerCase();
  if (severity !== 'error' && severity !== 'warn')
    test.fail(`"${severity}" is no severity.`, [...entry.path, 'config', 'severity'], 'write error or warn');
  const expect = parseRows(test, asObject(value['expect']), `the expectation of the unit test "${name}"`, [
    ...entry.path,
    'expect',
  ]);
  const told = asObject(value['expect']);
  if (expect === undefined && (told['rows'] ?? null) === null && (told['fixture'] ?? null) === null)
    test.fail(
      `The unit test "${name}" does not say which rows it expects.`,
      [...entry.path, 'expect'],
      'write expect: { rows: [...] }; rows: [] where there are to be none',
    );
  const parsed: Omit<UnitTest, 'checksum'> = {
    unique_id: `unit_test.${entry.packageName}.${model}.${name}`,
    resource_type: 'unit_test',
    name,
    package_name: entry.packageName,
    path: entry.source.path,
    original_file_path: entry.source.originalPath,
    fqn,
    model,
    given: Array.isArray(value['given']) ? parseGiven(test, value['given'] as readonly Json[]) : [],
    inputs: [],
    expect: expect ?? { format: 'dict', rows: [], fixture: null },
    overrides: parseOverrides(test, value['overrides']),
    description: describe(context, entry, value['description'], [...entry.path, 'description']),
    depends_on: { nodes: [], macros: [] },
    config: {
      tags: uniqueTexts(config['tags']),
      meta: asObject(config['meta']),
      enabled: config['enabled'] !== false,
      ...(severity === 'warn' ? { severity } : {}),
    },
    versions: isObject(value['versions']) ? value['versions'] : null,
    version: null,
    schema: '',
    created_at: context.createdAt,
    line: entry.file.lineOf(entry.path),
  };
  const { given, expect: expected, overrides } = parsed;
  const checksum = createHash('sha256')
    .update(JSON.stringify([model, given, expected, overrides]))
    .digest('hex');
  const unitTest: UnitTest = { ...parsed, checksum };
  if (!unitTest.config.enabled) {
    context.disabled.push(unitTest);
    return;
  }
  context.unitTests.set(unitTest.unique_id, unitTest);
  context.origins.set(unitTest.unique_id, {
    place: () => entry.file.placeOf([...entry.path, 'model']),
    find: (pattern) => {
      const index = unitTest.given.findIndex((one) => pattern.test(one.input));
      return entry.file.placeOf(index === -1 ? entry.path : [...entry.path, 'given', index, 'input']);
    },
  });
}
