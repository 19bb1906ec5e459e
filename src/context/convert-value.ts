import { PyFloat, type PyValue } from '../jinja/index.js';
import type { QueryResult, ResultColumn } from '../types/index.js';
import { decimalValue } from './decimal-value.js';
import { dateValue, timestampValue } from './instant-value.js';
import { TableObject, type TableColumn } from './table-object.js';

interface Conversion {
  readonly type: TableColumn['type'];
  readonly convert: (text: string) => PyValue;
}

const digitsOfSafeInteger = 15;

/** A whole number: a number while it is exact, a bigint beyond. */
function integer(text: string): PyValue {
  return text.length <= digitsOfSafeInteger ? Number(text) : exactInteger(text);
}

function exactInteger(text: string): PyValue {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

function float(text: string): PyValue {
  return new PyFloat(Number(text));
}

const conversions = new Map<number, Conversion>([
  [16, { type: 'Boolean', convert: (text) => text === 't' || text === 'true' }],
  [20, { type: 'Integer', convert: integer }],
  [21, { type: 'Integer', convert: integer }],
  [23, { type: 'Integer', convert: integer }],
  [26, { type: 'Integer', convert: integer }],
  [700, { type: 'Number', convert: float }],
  [701, { type: 'Number', convert: float }],
  [1700, { type: 'Number', convert: decimalValue }],
  [1082, { type: 'Date', convert: dateValue }],
  [1114, { type: 'DateTime', convert: timestampValue }],
  [1184, { type: 'DateTime', convert: timestampValue }],
]);

function conversionOf(column: ResultColumn): Conversion {
  return conversions.get(column.typeOid) ?? { type: 'Text', convert: (text) => text };
}

/** agate refuses two columns of one name, and so makes the second `a_2`. */
function distinctNames(columns: readonly ResultColumn[]): string[] {
  const used = new Set<string>();
  return columns.map(({ name }) => {
    let candidate = name;
    for (let number = 2; used.has(candidate); number += 1) candidate = `${name}_${number}`;
    used.add(candidate);
    return candidate;
  });
}

/** A result as a table of template values: each value by the type of its column, what is no number, truth value or date as its text. */
export function tableOf(result: QueryResult, limit?: number): TableObject {
  const names = distinctNames(result.columns);
  const found = result.columns.map(conversionOf);
  const columns = found.map(({ type }, index) => ({ name: names[index] ?? '', type }));
  const rows = (limit === undefined ? result.rows : result.rows.slice(0, limit)).map((row) =>
    found.map(({ convert }, index) => {
      const text = row[index];
      return text === null || text === undefined ? null : convert(text);
    }),
  );
  return new TableObject(columns, rows);
}
