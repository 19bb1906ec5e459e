import { ChemflowError } from '../error/index.js';
import type { ExtractConfig, Json, JsonObject } from '../types/index.js';
import type { ParseContext, PropertyEntry } from './parse-context.js';
import { checkShape, type ValueKind } from './shape.js';
import { isObject, type YamlPath } from './yaml-file.js';

const extractShape: Readonly<Record<string, ValueKind>> = {
  strategy: 'text',
  horizon: 'text',
  cursor: 'text',
  key: 'texts',
  columns: 'texts',
  exclude: 'texts',
  soft_delete: 'text',
  reconcile: 'text',
  from: 'any',
};

function texts(value: Json | undefined): string[] | undefined {
  if (value === undefined || value === null) return undefined;
  return Array.isArray(value)
    ? (value as readonly Json[]).map((item) => String(item as string))
    : [String(value as string)];
}

/**
 * Reads `extract:` of a source's table. Unless told: the key is `id` (if it is declared, or nothing is), the strategy incremental where there is a key,
 * the cursor `updated_at` and the soft-delete column `deleted_at` where they are declared, keys are reconciled always. Wrong values are reported.
 */
export function readExtract(
  context: ParseContext,
  entry: PropertyEntry,
  table: {
    readonly name: string;
    readonly value: JsonObject;
    readonly path: YamlPath;
    readonly columns: readonly string[];
  },
  sourceSchema: string,
): ExtractConfig {
  const written = table.value['extract'];
  const path = [...table.path, 'extract'];
  const fields: JsonObject = typeof written === 'string' ? { strategy: written } : isObject(written) ? written : {};
  const report = (message: string, hint: string | undefined, key: string): void => {
    context.report(
      new ChemflowError({ code: 'PARSE.EXTRACT', message, hint, place: entry.file.placeOf([...path, key]) }),
    );
  };
  const what = `"extract" of table "${table.name}"`;
  checkShape(fields, extractShape, {
    file: entry.file,
    path,
    what,
    report: context.report,
    unknownKeys: context.report,
  });
  const choose = <Word extends string>(key: string, words: readonly Word[], fallback: Word): Word => {
    const value = fields[key];
    if (value === undefined || value === null) return fallback;
    const found = words.find((word) => word === value);
    if (found === undefined)
      report(`"${String(value as string)}" is no ${key} of ${what}.`, `write one of ${words.join(', ')}`, key);
    return found ?? fallback;
  };
  const declares = (column: string): boolean => table.columns.includes(column);
  const columns = texts(fields['columns']) ?? null;
  const exclude = texts(fields['exclude']) ?? [];
  const key = texts(fields['key']) ?? (table.columns.length === 0 || declares('id') ? ['id'] : []);
  const strategy = choose('strategy', ['full', 'incremental'], key.length > 0 ? 'incremental' : 'full');
  const optional = (name: string, fallback: string): string | null => {
    const value = fields[name];
    if (value === null) return null;
    return typeof value === 'string' ? value : declares(fallback) ? fallback : null;
  };
  const cursor = optional('cursor', 'updated_at');
  if (strategy === 'incremental' && key.length === 0)
    report(
      `Table "${table.name}" is copied incrementally but has no key.`,
      'write key: [id], or strategy: full',
      'strategy',
    );
  if (columns !== null && exclude.length > 0)
    report(`${what} has both columns and exclude.`, 'use one of the two', 'exclude');
  const left = key.find((column) => exclude.includes(column) || columns?.includes(column) === false);
  if (left !== undefined) report(`The key column "${left}" of table "${table.name}" is not copied.`, undefined, 'key');
  const horizon = choose('horizon', ['transaction', 'cursor'], 'transaction');
  if (horizon === 'cursor' && cursor === null)
    report(`Table "${table.name}" is read by a cursor but names none.`, 'write cursor: updated_at', 'horizon');
  return {
    strategy,
    horizon,
    cursor,
    key,
    columns,
    exclude,
    soft_delete: optional('soft_delete', 'deleted_at'),
    reconcile: choose('reconcile', ['always', 'full', 'never'], 'always'),
    from: readFrom(fields['from'], sourceSchema, table.name),
  };
}

function readFrom(value: Json | undefined, schema: string, table: string): ExtractConfig['from'] {
  if (isObject(value))
    return {
      schema: String((value['schema'] as string | undefined) ?? schema),
      table: String((value['table'] as string | undefined) ?? table),
    };
  if (typeof value !== 'string') return { schema, table };
  const [first = table, second] = value.split('.');
  return second === undefined ? { schema, table: first } : { schema: first, table: second };
}
