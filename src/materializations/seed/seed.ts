import { once } from 'node:events';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { ChemflowError, didYouMean } from '../../error/index.js';
import type { Seed } from '../../types/index.js';
import { quoteIdentifier } from '../../util/sql-text.js';
import { buildIndexTexts, indexesOf } from '../indexes.js';
import { buildRelation, renderRelation } from '../relation-names.js';
import type { BuildContext, Materialization } from '../types.js';
import { createTypeGuess, isNullCell } from './infer-type.js';
import { readCsv } from './read-csv.js';

interface SeedColumn {
  readonly name: string;
  readonly dataType: string;
}

interface SeedFile {
  readonly path: string;
  readonly shownPath: string;
  readonly delimiter: string;
}

/** Characters of COPY text that are kept for target/run; a larger seed's script only names the file. */
const scriptLimit = 1_000_000;

function fileOf(node: Seed): SeedFile {
  const delimiter = node.config.delimiter ?? ',';
  if (typeof delimiter !== 'string' || delimiter === '') {
    throw new ChemflowError({
      code: 'SEED.DELIMITER',
      message: `Compilation Error: the delimiter of the seed ${node.name} must be a text of at least one character.`,
      exitCode: 1,
    });
  }
  return { path: join(node.root_path, node.original_file_path), shownPath: node.original_file_path, delimiter };
}

/** The columns of a seed: names from its header, types from `column_types` or inferred from every row. */
async function columnsOfSeed(context: BuildContext, file: SeedFile): Promise<SeedColumn[]> {
  const { config } = context.node;
  const fractional = context.project.root.kind === 'dbt' ? 'float8' : 'numeric';
  let names: string[] | undefined;
  let guesses: ReturnType<typeof createTypeGuess>[] = [];
  for await (const record of readCsv(file.path, file.shownPath, file.delimiter)) {
    if (names === undefined) {
      names = record.map((name) => name.trim());
      guesses = names.map(() => createTypeGuess(fractional));
      continue;
    }
    record.forEach((cell, index) => guesses[index]?.see(cell));
  }
  const isExact = config.quote_columns === true;
  const types = new Map(Object.entries(config.column_types).map(([name, type]) => [name.toLowerCase(), String(type)]));
  const columns = (names ?? []).map((name, index) => ({
    name: isExact ? name : name.toLowerCase(),
    dataType: types.get(name.toLowerCase()) ?? guesses[index]?.type() ?? 'text',
  }));
  const twice = columns.find((column, index) => columns.findIndex((one) => one.name === column.name) !== index);
  if (twice !== undefined || columns.length === 0) {
    throw new ChemflowError({
      code: 'SEED.HEADER',
      message: twice === undefined ? 'The seed has no header.' : `The seed has the column ${twice.name} twice.`,
      place: { file: file.shownPath, line: 1, column: 1 },
      exitCode: 1,
    });
  }
  const known = columns.map((column) => column.name.toLowerCase());
  const unknown = [...types.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined && context.project.root.kind === 'chemflow') {
    throw new ChemflowError({
      code: 'SEED.COLUMN_TYPES',
      message: `column_types of the seed ${context.node.name} names "${unknown}", which is no column of ${file.shownPath}.`,
      hint: didYouMean(unknown, known) ?? 'in {braces}, a type with a comma needs quotes: {price: "numeric(10, 2)"}',
      exitCode: 1,
    });
  }
  return columns;
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** A record as a line of COPY's text format; cells of other types than text lose the space around them. */
function copyLine(record: readonly string[], columns: readonly SeedColumn[]): string {
  const cells = record.map((cell, index) => {
    if (isNullCell(cell)) return '\\N';
    const kept = columns[index]?.dataType === 'text' ? cell : cell.trim();
    return kept.replaceAll(/[\\\t\n\r]/g, (character) => escapes[character] ?? character);
  });
  return `${cells.join('\t')}\n`;
}

/** Copies the file's rows into a table in batches of the project's size. */
async function copyRows(
  context: BuildContext,
  file: SeedFile,
  table: string,
  columns: readonly SeedColumn[],
): Promise<number> {
  const copy = `copy ${table} (${columns.map((column) => quoteIdentifier(column.name)).join(', ')}) from stdin`;
  const stream = context.session.copyFrom(copy);
  const ended = finished(stream);
  ended.catch(() => undefined);
  let script = '';
  let rows = 0;
  let batch: string[] = [];
  const flush = async (): Promise<void> => {
    const text = batch.join('');
    batch = [];
    if (script.length + text.length <= scriptLimit) script += text;
    else script = '';
    if (text !== '' && !stream.write(text)) await Promise.race([once(stream, 'drain'), ended]);
  };
  let isHeader = true;
  for await (const record of readCsv(file.path, file.shownPath, file.delimiter)) {
    if (isHeader) {
      isHeader = false;
      continue;
    }
    rows += 1;
    batch.push(copyLine(record, columns));
    if (batch.length >= context.project.batchSize) await flush();
  }
  await flush();
  stream.end();
  await ended;
  const isWhole = rows === 0 || script !== '';
  context.note(isWhole ? `${copy};\n${script}\\.` : `-- ${rows} rows of ${file.shownPath} were copied here`);
  return rows;
}

/** dbt's seed: a CSV file as a table, copied aside and published, so that its readers never see it half full. */
export const seed: Materialization = async (context) => {
  const { relation, publisher, renderer, texts, node } = context;
  const file = fileOf(node as Seed);
  const columns = await columnsOfSeed(context, file);
  await publisher.check(relation, 'table', () => Promise.resolve(columns));
  const build = buildRelation(relation);
  const create = await renderer.callMacro(node.unique_id, 'chemflow_create_seed_table', [
    { $relation: build },
    columns.map((column) => ({ name: column.name, data_type: column.dataType })),
  ]);
  await context.run(String(create).trim());
  const rows = context.isEmpty ? 0 : await copyRows(context, file, renderRelation(build), columns);
  const indexes = indexesOf(node, relation);
  await context.run(
    [...(await buildIndexTexts(context, build, indexes)), `analyze ${renderRelation(build)}`].join(';\n'),
  );
  const publication = await publisher.publish({
    target: relation,
    build,
    buildType: 'table',
    indexes,
    indexText: texts.createIndex,
  });
  return { message: `INSERT ${rows}`, rowsAffected: rows, code: 'INSERT', publication, type: 'table' };
};
