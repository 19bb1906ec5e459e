import { ChemflowError, didYouMean, type Place } from '../error/index.js';
import type {
  Column,
  Json,
  JsonObject,
  Manifest,
  ResourceId,
  Session,
  UnitTest,
  UnitTestFixture,
} from '../types/index.js';
import { cutToBytes, maximumIdentifierBytes } from '../util/identifier-length.js';
import { escapePattern } from '../util/pattern.js';
import type { InputColumns } from './input-columns.js';

/** Where a unit test stands in its YAML file: at the first mention of a word in it, or where it begins. */
export function placeOfUnitTest(manifest: Manifest, test: UnitTest, word?: string): Place {
  const file = test.original_file_path;
  const text = manifest.files[file];
  const start = { file, line: test.line, column: 1, text };
  if (word === undefined || text === undefined) return start;
  const pattern = new RegExp(`(?<![\\w.])${escapePattern(word)}(?!\\w)`);
  const lines = text.split('\n');
  for (let index = test.line - 1; index < lines.length; index += 1) {
    const column = pattern.exec(lines[index] ?? '')?.index;
    if (column !== undefined) return { file, line: index + 1, column: column + 1, text };
  }
  return start;
}

/** A value of a row as the fixture macros take it: what YAML has as a list or mapping becomes the text of an array or JSON value. */
function plainValue(value: Json, dataType: string): Json {
  if (value === null || typeof value !== 'object') return value;
  const isArray = Array.isArray(value) && dataType.endsWith(']');
  return isArray ? arrayText(value as readonly Json[]) : JSON.stringify(value);
}

function arrayText(items: readonly Json[]): string {
  const texts = items.map((item) => {
    if (item === null) return 'null';
    if (Array.isArray(item)) return arrayText(item as readonly Json[]);
    const text = typeof item === 'object' ? JSON.stringify(item) : String(item);
    return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  });
  return `{${texts.join(',')}}`;
}

/** Rows with the columns' own names (a fixture may write them in another case); UNIT_TEST.COLUMN for one that there is not. */
export function matchColumns(
  rows: readonly JsonObject[],
  columns: readonly Column[],
  what: string,
  placeOf: (word: string) => Place,
): JsonObject[] {
  const find = (name: string): Column => {
    const exact = columns.find((column) => column.name === name);
    const found = exact ?? columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
    if (found !== undefined) return found;
    const names = columns.map((column) => column.name);
    throw new ChemflowError({
      code: 'UNIT_TEST.COLUMN',
      message: `Invalid column name: '${name}' in unit test fixture for ${what}.`,
      hint: didYouMean(name, names) ?? `its columns are ${names.join(', ')}`,
      place: placeOf(name),
      exitCode: 1,
    });
  };
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => {
        const column = find(name);
        return [column.name, plainValue(value, column.dataType)];
      }),
    ),
  );
}

/** What the model reads that has a relation or a fixture, through ephemeral parents that have none; hooks' references are among it. */
function relationsRead(manifest: Manifest, model: ResourceId, given: ReadonlySet<ResourceId>): ResourceId[] {
  const found = new Set<ResourceId>();
  const visit = (id: ResourceId): void => {
    for (const parent of manifest.nodes[id]?.depends_on.nodes ?? []) {
      const node = manifest.nodes[parent];
      if (node?.config.materialized === 'ephemeral' && !given.has(parent)) visit(parent);
      else found.add(parent);
    }
  };
  visit(model);
  return [...found];
}

/** A CTE's name that no other of the test has, and that PostgreSQL would not cut. */
function cteName(manifest: Manifest, id: ResourceId, taken: Set<string>): string {
  const source = manifest.sources[id];
  const words = source === undefined ? (manifest.nodes[id]?.name ?? id) : `${source.source_name}__${source.name}`;
  const name = cutToBytes(`__dbt__cte__${words}`.replaceAll(/\W/g, '_').toLowerCase(), maximumIdentifierBytes - 3);
  let free = name;
  for (let number = 2; taken.has(free); number += 1) free = `${name}_${number}`;
  taken.add(free);
  return free;
}

function labelOf(manifest: Manifest, id: ResourceId): string {
  return (manifest.nodes[id] ?? manifest.sources[id])?.name ?? id;
}

function inputText(manifest: Manifest, id: ResourceId): string {
  const source = manifest.sources[id];
  return source === undefined
    ? `ref('${manifest.nodes[id]?.name ?? id}')`
    : `source('${source.source_name}', '${source.name}')`;
}

/**
 * The fixtures of a unit test: its inputs in the types of their relations, and empty ones for what the model reads beside them.
 * Throws UNIT_TEST.COLUMN for an unknown column, and UNIT_TEST.UNKNOWN_TYPES for an input whose types nothing tells.
 */
export async function fixturesOf(
  manifest: Manifest,
  columns: InputColumns,
  session: Session,
  test: UnitTest,
): Promise<readonly UnitTestFixture[]> {
  const [model = ''] = test.depends_on.nodes;
  const given = new Set(test.inputs);
  const isIncremental = test.overrides?.macros['is_incremental'] === true;
  const empty = [...relationsRead(manifest, model, given), ...(isIncremental ? [model] : [])];
  const inputs = [
    ...test.given.map((input, index) => ({ id: test.inputs[index] ?? '', text: input.input, rows: input.rows })),
    ...empty.filter((id) => !given.has(id)).map((id) => ({ id, text: inputText(manifest, id), rows: [] })),
  ];
  const known = await columns.find(
    session,
    inputs.map(({ id }) => id),
  );
  const taken = new Set<string>();
  return inputs.map(({ id, text, rows }): UnitTestFixture => {
    const name = cteName(manifest, id, taken);
    const own = known.get(id) ?? [];
    if (typeof rows === 'string') return { id, name, rows, types: {} };
    if (own.length === 0) throw unknownTypes(manifest, test, id, text);
    const placeOf = (word: string): Place => placeOfUnitTest(manifest, test, word);
    return {
      id,
      name,
      rows: matchColumns(rows, own, `'${labelOf(manifest, id)}'`, placeOf),
      types: Object.fromEntries(own.map((column) => [column.name, column.dataType])),
    };
  });
}

function unknownTypes(manifest: Manifest, test: UnitTest, id: ResourceId, text: string): ChemflowError {
  const node = manifest.nodes[id];
  const isEphemeral = node?.config.materialized === 'ephemeral';
  return new ChemflowError({
    code: 'UNIT_TEST.UNKNOWN_TYPES',
    message: `The types of ${text} are not known to the unit test "${test.name}": ${isEphemeral ? 'an ephemeral model has no relation' : 'it has never been built'}, and none of its columns declares a data_type.`,
    hint: isEphemeral
      ? `declare its columns with data_type, give it in format: sql, or leave it out and give what it reads`
      : `chemflow build --select ${node?.name ?? text} builds it; or declare its columns with data_type`,
    place: placeOfUnitTest(manifest, test, text),
    exitCode: 1,
  });
}
