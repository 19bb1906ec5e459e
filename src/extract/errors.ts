import { sqlErrorDetails } from '../adapter/index.js';
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

/**
 * What broke a copy off, with the name of its table: a server that stopped, a session that was ended, a disk that is full.
 * Errors that name the table already, and an interruption, are left as they are.
 */
export function copyError(table: SourceTable, manifest: Manifest, error: unknown): unknown {
  if (!(error instanceof ChemflowError) || /^(EXTRACT|RUN)\./.test(error.code)) return error;
  const details = sqlErrorDetails(error);
  const { connection, sqlstate } = details ?? {};
  // The snapshot that a source's copies share dies with the session that exported it.
  if (sqlstate === '42704' && connection === table.connection && error.message.startsWith('snapshot '))
    return tableError(table, manifest, {
      code: 'SNAPSHOT_LOST',
      message: `connection ${connection} was lost while its tables were copied, and with it the moment that they share; nothing of this table was copied.`,
      hint: 'Run the command again.',
      cause: error,
    });
  const where = connection === undefined ? '' : ` (connection ${connection})`;
  return new ChemflowError({
    code: error.code,
    message: `${table.source_name}.${table.name}: ${error.message}${where}`,
    hint: error.hint ?? hintOf(sqlstate),
    cause: error,
  });
}

function hintOf(sqlstate: string | undefined): string | undefined {
  if (sqlstate?.startsWith('57P') === true)
    return 'What was not committed is rolled back; run the command again once the server is well.';
  if (sqlstate?.startsWith('53') === true)
    return 'The table is as it was before; make room on that server and run the command again.';
  return undefined;
}

/** The user may not read the table or some of its columns. */
export function missingPrivilege(
  table: SourceTable,
  manifest: Manifest,
  columns: readonly string[] | 'schema' | 'table',
): ChemflowError {
  const { schema, table: name } = table.extract?.from ?? { schema: 'public', table: table.name };
  const what =
    columns === 'schema'
      ? `schema ${schema}`
      : columns === 'table'
        ? sourceTableName(table)
        : `${sourceTableName(table)} (${columns.join(', ')})`;
  const grant =
    columns === 'schema'
      ? `GRANT USAGE ON SCHEMA ${quoteIdentifier(schema)} TO <user>;`
      : `GRANT SELECT ON ${quoteIdentifier(schema)}.${quoteIdentifier(name)} TO <user>;${columns === 'table' ? '' : ' or exclude the columns in sources.yml.'}`;
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
