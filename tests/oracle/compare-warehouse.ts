import type { ConnectionSettings } from '../../src/types/index.js';
import { formatInstant, parseInstant } from '../../src/util/instant.js';
import type { Cell, ColumnType, ExpectedTable } from './expected-table.js';
import { withDatabase, type Row } from './read-sources.js';

/** Something that is not as the contract says. */
export interface Difference {
  readonly table: string;
  readonly key: string;
  readonly column: string;
  readonly expected: Cell;
  readonly got: Cell;
}

/** Whether a table of the contract is not there at all. */
export const isMissing = ({ key, expected }: Difference): boolean => key === '(table)' && expected === 'a relation';

const admitted: Readonly<Partial<Record<ColumnType, RegExp>>> = {
  text: /^(text|character varying(\(\d+\))?)$/,
  'numeric[]': /^numeric(\(12,2\))?\[\]$/,
};

function normalized(value: Cell | undefined, type: ColumnType): Cell {
  if (value === null || value === undefined || type !== 'timestamp with time zone') return value ?? null;
  const instant = parseInstant(value);
  return instant === undefined ? value : formatInstant(instant);
}

/** Where the warehouse's schemas are: as in production, or an analyst's own. */
export type SchemaNames = (schema: string) => string;

async function compareTable(
  expected: ExpectedTable,
  ask: (sql: string) => Promise<Row[]>,
  schemaNames: SchemaNames,
): Promise<Difference[]> {
  const { name: table, columns, key: keyColumns } = expected;
  const [schema = '', relation = ''] = table.split('.');
  const place = `"${schemaNames(schema)}"."${relation}"`;
  const differences: Difference[] = [];
  const differ = (key: string, column: string, want: Cell, got: Cell): void => {
    differences.push({ table, key, column, expected: want, got });
  };

  const actualColumns = await ask(
    `select attname as name, format_type(atttypid, atttypmod) as type, relkind::text
     from pg_attribute join pg_class c on c.oid = attrelid
     where attrelid = to_regclass('${place}') and attnum > 0 and not attisdropped order by attnum`,
  );
  const actualTypes = new Map(actualColumns.map((row) => [row['name'] ?? '', row['type'] ?? '']));
  if (actualTypes.size === 0) {
    differ('(table)', '', 'a relation', null);
    return differences;
  }
  const kind = actualColumns[0]?.['relkind'] ?? null;
  if (expected.isMaterializedView === true && kind !== 'm') differ('(table)', '', 'a materialized view', kind);
  for (const [column, type] of Object.entries(columns)) {
    const actual = actualTypes.get(column) ?? null;
    const fits = actual !== null && (admitted[type]?.test(actual) ?? actual === type);
    if (!fits) differ('(type)', column, type, actual);
  }
  for (const [column, type] of actualTypes) if (!(column in columns)) differ('(type)', column, null, type);
  const order = [...actualTypes.keys()].join(', ');
  const wantedOrder = Object.keys(columns).join(', ');
  if (differences.length === 0 && expected.isOrderFree !== true && order !== wantedOrder) {
    differ('(order)', '', wantedOrder, order);
  }

  const keyOf = (row: Readonly<Record<string, Cell>>): string =>
    keyColumns.map((column) => row[column] ?? '∅').join(' ');
  const wanted = new Map(expected.rows.map((row) => [keyOf(row), row]));
  if (wanted.size !== expected.rows.length) throw new Error(`the oracle has duplicate keys in ${table}`);
  const seen = new Set<string>();
  for (const row of await ask(`select * from ${place}`)) {
    const key = keyOf(row);
    if (seen.has(key)) differ(key, '(row)', 'once', 'twice');
    seen.add(key);
    const want = wanted.get(key);
    if (want === undefined) {
      differ(key, '(row)', null, JSON.stringify(row));
      continue;
    }
    for (const [column, type] of Object.entries(columns)) {
      if (!actualTypes.has(column) || expected.uncompared?.includes(column) === true) continue;
      const got = normalized(row[column], type);
      const value = want[column] ?? null;
      if (got !== value) differ(key, column, value, got);
    }
  }
  for (const [key, row] of wanted) if (!seen.has(key)) differ(key, '(row)', JSON.stringify(row), null);
  return differences;
}

/** Every difference between the built warehouse and what it should be; types and columns too. */
export async function compareWarehouse(
  warehouse: ConnectionSettings,
  tables: readonly ExpectedTable[],
  schemaNames: SchemaNames = (schema) => schema,
): Promise<readonly Difference[]> {
  return await withDatabase(warehouse, async (ask) => {
    const differences: Difference[] = [];
    for (const table of tables) differences.push(...(await compareTable(table, ask, schemaNames)));
    return differences;
  });
}

/** A page that shows the differences: by table and column how many, and the first few of each. */
export function describeDifferences(differences: readonly Difference[], examples = 3): string {
  const groups = new Map<string, Difference[]>();
  for (const difference of differences) {
    const group = `${difference.table}.${difference.column}${difference.key.startsWith('(') ? ' (type)' : ''}`;
    groups.set(group, [...(groups.get(group) ?? []), difference]);
  }
  const lines: string[] = [];
  for (const [group, list] of groups) {
    lines.push(`${group}: ${list.length} differ`);
    for (const { key, expected, got } of list.slice(0, examples)) {
      lines.push(`    ${key}: expected ${expected ?? 'NULL'}, got ${got ?? 'NULL'}`);
    }
  }
  return lines.join('\n');
}
