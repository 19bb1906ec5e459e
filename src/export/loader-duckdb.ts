import { quoteIdentifier, quoteLiteral } from '../util/sql-text.js';
import type { DataCard } from './card.js';
import type { ElementKind, ValueKind } from './types.js';

/** SQL for DuckDB that makes a view of a dataset's files. */
export function duckdbLoader(card: DataCard): string {
  const files = card.files.map((file) => quoteLiteral(file.name)).join(', ');
  const head = [
    `-- Reads ${card.dataset} into DuckDB: run it in this folder, or \`set file_search_path = '<this folder>';\` first.`,
  ];
  const wide = card.format === 'jsonl' ? card.columns.filter((column) => isWide(column.kind)) : [];
  if (wide.length > 0)
    head.push(
      `-- DuckDB reads JSON's numbers as doubles: of ${wide.map((column) => column.name).join(', ')} it keeps the first 15 digits (Parquet and CSV keep all).`,
    );
  if (card.files.length === 0) return [...head, '-- There are no rows, so there is no file.', ''].join('\n');
  return [
    ...head,
    `create or replace view ${quoteIdentifier(card.dataset)} as`,
    `${query(card, `[${files}]`)};`,
    '',
  ].join('\n');
}

function query(card: DataCard, files: string): string {
  if (card.format === 'parquet') return `select * from read_parquet(${files})`;
  const isCsv = card.format === 'csv';
  const types = card.columns.map(
    (column) => `    ${quoteLiteral(column.name)}: ${quoteLiteral(readType(column.kind, isCsv))}`,
  );
  const columns = `columns = {\n${types.join(',\n')}\n  }`;
  const replaced = card.columns.flatMap(({ name, kind }) => {
    const final = finalExpression(quoteIdentifier(name), kind, isCsv);
    return final === undefined ? [] : [`  ${final} as ${quoteIdentifier(name)}`];
  });
  const select = replaced.length === 0 ? 'select *' : `select * replace (\n${replaced.join(',\n')}\n)`;
  const options = isCsv
    ? `header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, ${columns}`
    : `format = 'newline_delimited', ${columns}`;
  return `${select}\nfrom ${isCsv ? 'read_csv' : 'read_json'}(${files}, ${options})`;
}

/** Are there more digits than a double keeps? */
function isWide(kind: ValueKind): boolean {
  if (kind.kind === 'list') return isWide(kind.element);
  return kind.kind === 'json' || (kind.kind === 'decimal' && kind.precision > 15);
}

const types: Readonly<Record<Exclude<ElementKind['kind'], 'decimal'>, string>> = {
  boolean: 'BOOLEAN',
  int16: 'SMALLINT',
  int32: 'INTEGER',
  int64: 'BIGINT',
  float32: 'FLOAT',
  float64: 'DOUBLE',
  digits: 'VARCHAR',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  timestamptz: 'TIMESTAMPTZ',
  time: 'TIME',
  uuid: 'UUID',
  text: 'VARCHAR',
  json: 'JSON',
  bytes: 'BLOB',
};

function typeOf(kind: ValueKind): string {
  if (kind.kind === 'list') return `${typeOf(kind.element)}[]`;
  return kind.kind === 'decimal' ? `DECIMAL(${kind.precision},${kind.scale})` : types[kind.kind];
}

/** What the reader takes a column for: where it could lose something on its way, text. */
function readType(kind: ValueKind, isCsv: boolean): string {
  if (kind.kind === 'bytes' || kind.kind === 'decimal') return 'VARCHAR';
  if (kind.kind === 'list') return isCsv ? 'VARCHAR' : 'JSON';
  return typeOf(kind);
}

/** What makes the column of it, where the reader has not. */
function finalExpression(name: string, kind: ValueKind, isCsv: boolean): string | undefined {
  if (kind.kind === 'bytes') return `unhex(${name})`;
  if (kind.kind === 'decimal') return `${name}::${typeOf(kind)}`;
  if (kind.kind === 'list') {
    // A JSON number is a double to DuckDB; the text of a list is not.
    const isExact = isCsv && kind.element.kind === 'decimal';
    return `${isExact || !isCsv ? name : `${name}::JSON`}::${typeOf(kind)}`;
  }
  return undefined;
}
