import { ChemflowError } from '../error/index.js';
import type { ConnectionSettings } from '../types/index.js';
import { redactor } from './secrets.js';

/** What PostgreSQL told of an error: kept as the `cause` of a ChemflowError `SQL.<SQLSTATE>`. */
export interface SqlErrorDetails {
  readonly sqlstate: string;
  /** PostgreSQL's own message, without what chemflow added. */
  readonly message: string;
  readonly severity: string;
  /** Character (from 1) of `statement` at which the error was found. */
  readonly position?: number | undefined;
  /** As `position`, in a statement that the server made itself (a function's body). */
  readonly internalPosition?: number | undefined;
  readonly internalQuery?: string | undefined;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  readonly where?: string | undefined;
  readonly schema?: string | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  readonly constraint?: string | undefined;
  /** The SQL that was sent. */
  readonly statement?: string | undefined;
  /** The connection's name. */
  readonly connection: string;
}

/** The fields of an ErrorResponse as pg gives them. */
export interface ServerError {
  readonly code: string;
  readonly message: string;
  readonly severity?: string;
  readonly position?: string;
  readonly internalPosition?: string;
  readonly internalQuery?: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly where?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly constraint?: string;
}

/** Did the server say this, rather than the network or Node? */
export function isServerError(error: unknown): error is ServerError {
  return error instanceof Error && 'severity' in error && 'code' in error && /^[0-9A-Z]{5}$/.test(String(error.code));
}

/** A PostgreSQL error as a ChemflowError `SQL.<SQLSTATE>`; passwords and salts are blotted out of every text of it. */
export function sqlError(error: ServerError, settings: ConnectionSettings, statement?: string): ChemflowError {
  const redact = redactor(settings);
  const text = (value: string | undefined): string | undefined => (value === undefined ? undefined : redact(value));
  const details: SqlErrorDetails = {
    sqlstate: error.code,
    message: redact(error.message),
    severity: error.severity ?? 'ERROR',
    position: toNumber(error.position),
    internalPosition: toNumber(error.internalPosition),
    internalQuery: text(error.internalQuery),
    detail: text(error.detail),
    hint: text(error.hint),
    where: text(error.where),
    schema: error.schema,
    table: error.table,
    column: error.column,
    constraint: error.constraint,
    statement,
    connection: settings.name,
  };
  const message = details.detail === undefined ? details.message : `${details.message} (${details.detail})`;
  return new ChemflowError({ code: `SQL.${error.code}`, message, hint: details.hint, cause: details });
}

/** What PostgreSQL told, if the error is (or was made from) a `SQL.<SQLSTATE>` one. */
export function sqlErrorDetails(error: unknown): SqlErrorDetails | undefined {
  if (!(error instanceof ChemflowError) || typeof error.cause !== 'object' || error.cause === null) return undefined;
  return 'sqlstate' in error.cause ? (error.cause as SqlErrorDetails) : sqlErrorDetails(error.cause);
}

function toNumber(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
