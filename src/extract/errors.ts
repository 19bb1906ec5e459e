import { ChemflowError, didYouMean, type Place } from '../error/index.js';
import type { Manifest, SourceTable, Watermark } from '../types/index.js';
import { quoteIdentifier, quoteLiteral } from '../util/sql-text.js';

/** An error of one source table: it names the table as sources.yml does, and points there. */
export function tableError(
  table: SourceTable,
  manifest: Manifest,
  details: {
    readonly code: string;
    readonly message: string;
    readonly hint?: string | undefined;
    readonly cause?: unknown;
  },
): ChemflowError {
  const place: Place = {
    file: table.original_file_path,
    line: table.line,
    column: 1,
    text: manifest.files[table.original_file_path],
  };
  return new ChemflowError({
    code: `EXTRACT.${details.code}`,
    message: `${table.source_name}.${table.name}: ${details.message}`,
    hint: details.hint,
    cause: details.cause,
    place,
  });
}

/** `schema.table` at the source, for people. */
export function sourceTableName(table: SourceTable): string {
  const from = table.extract?.from;
  return from === undefined ? table.name : `${from.schema}.${from.table}`;
}

/** The source has no such table. */
export function missingTable(table: SourceTable, manifest: Manifest, others: readonly string[]): ChemflowError {
  return tableError(table, manifest, {
    code: 'MISSING_TABLE',
    message: `connection ${table.connection} has no table ${sourceTableName(table)}.`,
    hint: didYouMean(table.name, [...others]) || 'Correct its name in sources.yml, or take it out.',
  });
}

/** The user may not read the table or some of its columns. */
export function missingPrivilege(
  table: SourceTable,
  manifest: Manifest,
  columns: readonly string[] | 'schema',
): ChemflowError {
  const { schema, table: name } = table.extract?.from ?? { schema: 'public', table: table.name };
  const what = columns === 'schema' ? `schema ${schema}` : `${sourceTableName(table)} (${columns.join(', ')})`;
  const grant =
    columns === 'schema'
      ? `GRANT USAGE ON SCHEMA ${quoteIdentifier(schema)} TO <user>;`
      : `GRANT SELECT ON ${quoteIdentifier(schema)}.${quoteIdentifier(name)} TO <user>; or exclude the columns in sources.yml.`;
  return tableError(table, manifest, {
    code: 'PRIVILEGE',
    message: `the user of connection ${table.connection} may not read ${what}.`,
    hint: `At the source: ${grant}`,
  });
}

/** Another database stands under the source's name. */
export function sourceChanged(table: SourceTable, manifest: Manifest, watermark: Watermark): ChemflowError {
  const staging = `${quoteIdentifier(table.schema)}.${quoteIdentifier(table.identifier)}`;
  const where = `staging_schema = ${quoteLiteral(table.schema)} AND staging_table = ${quoteLiteral(table.identifier)}`;
  return tableError(table, manifest, {
    code: 'SOURCE_CHANGED',
    message: `connection ${table.connection} leads to another database than the one that filled ${staging} (${watermark.fingerprint.databaseName}, last at ${watermark.lastRunAt.toISOString()}); nothing was merged.`,
    hint: `If it is the same data on a new server: DELETE FROM chemflow.watermarks WHERE ${where}; (the next run re-reads every row). If it is other data: drop ${staging}, or give the source another name.`,
  });
}
