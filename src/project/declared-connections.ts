import { ChemflowError } from '../error/index.js';
import type { ConnectionSettings, Json, JsonObject } from '../types/index.js';
import { isPlaceholder, valueOf, type Environment } from './environment.js';
import { isSslMode, sslModes } from './standard-variables.js';
import { isObject } from './yaml-file.js';

/** What the warehouse's connection is called in messages. */
export const warehouseName = 'analytics';

/** A connection as chemflow.yml declares it. */
export interface DeclaredConnection {
  readonly name: string;
  /** Prefix of its environment variables for each data environment; `default` is used where DATA_ENV is not set. */
  readonly prefixes: Readonly<Record<string, string>>;
  /** Settings written in chemflow.yml itself (rendered), in place of variables. */
  readonly literal: JsonObject;
  /** The database that stands for it on the embedded server. */
  readonly embeddedDatabase: string | undefined;
}

/** Keys of a connection in chemflow.yml. */
export const connectionKeys = {
  env: 'any',
  sample_database: 'text',
  database: 'text',
  dbname: 'text',
  host: 'text',
  port: 'scalar',
  user: 'scalar',
  password: 'scalar',
  sslmode: 'text',
  sslrootcert: 'text',
  sslcert: 'text',
  sslkey: 'text',
  connect_timeout: 'scalar',
} as const;

/** Reads a declaration from its (rendered) YAML value. */
export function readDeclaration(
  name: string,
  value: Json,
  defaultPrefixes: Record<string, string>,
): DeclaredConnection {
  const fields = isObject(value) ? value : {};
  const env = fields['env'];
  const prefixes: Record<string, string> = {};
  if (typeof env === 'string') prefixes['default'] = env;
  else if (isObject(env)) for (const [key, prefix] of Object.entries(env)) prefixes[key] = String(prefix);
  const literal = Object.fromEntries(
    Object.entries(fields).filter(([key, setting]) => key !== 'env' && key !== 'sample_database' && setting !== null),
  );
  const embedded = fields['sample_database'] ?? fields['database'] ?? fields['dbname'];
  return {
    name,
    prefixes: Object.keys(prefixes).length === 0 && fields['host'] === undefined ? defaultPrefixes : prefixes,
    literal,
    embeddedDatabase: typeof embedded === 'string' ? embedded : undefined,
  };
}

/**
 * Are there any settings for these connections: a variable of any of their prefixes, a host in chemflow.yml, or DATA_ENV? Then nothing is embedded.
 * A variable that only begins as all prefixes of a connection do (CHEMLINK_DB_HOST beside CHEMLINK_PRD_DB and CHEMLINK_DEV_DB) counts too:
 * who misspelt a name is told so, and gets no sample data.
 */
export function areConfigured(connections: readonly DeclaredConnection[], env: Environment): boolean {
  return (
    valueOf(env, 'DATA_ENV') !== undefined ||
    connections.some((connection) => connection.literal['host'] !== undefined) ||
    setVariables(env, connections.flatMap(prefixesOf)).length > 0 ||
    unreadVariables(connections, env).length > 0
  );
}

/** Variables that are named after a connection, but begin with none of the prefixes that are read. */
export function unreadVariables(connections: readonly DeclaredConnection[], env: Environment): readonly string[] {
  const read = new Set(setVariables(env, connections.flatMap(prefixesOf)));
  return setVariables(env, connections.flatMap(familyOf)).filter((name) => !read.has(name));
}

function prefixesOf({ prefixes }: DeclaredConnection): readonly string[] {
  return Object.values(prefixes);
}

function setVariables(env: Environment, prefixes: readonly string[]): readonly string[] {
  return Object.keys(env).filter(
    (name) => valueOf(env, name) !== undefined && prefixes.some((prefix) => name.startsWith(`${prefix}_`)),
  );
}

/** The word that all of a connection's prefixes begin with, where it is the connection's own name: a shared word such as ANALYTICS has too many other uses. */
function familyOf({ name, prefixes }: DeclaredConnection): readonly string[] {
  const family = name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
  const every = Object.values(prefixes);
  return name !== warehouseName && every.length > 0 && every.every((prefix) => prefix.startsWith(`${family}_`))
    ? [family]
    : [];
}

/** The data environment: `default`, or what DATA_ENV says; throws `CONFIG.UNKNOWN_DATA_ENV` for one that no connection knows. */
export function readDataEnvironment(connections: readonly DeclaredConnection[], env: Environment): string {
  const chosen = valueOf(env, 'DATA_ENV')?.trim();
  if (chosen === undefined) return 'default';
  const known = new Set(connections.flatMap((connection) => Object.keys(connection.prefixes)));
  known.delete('default');
  if (known.has(chosen)) return chosen;
  throw new ChemflowError({
    code: 'CONFIG.UNKNOWN_DATA_ENV',
    message: `DATA_ENV is "${chosen}", which is no environment of this project.`,
    hint: `leave DATA_ENV unset for production, or set it to ${[...known].join(' or ') || 'an environment that chemflow.yml declares'}`,
  });
}

/** What was found wrong with the variables of all connections, so that it can be told at once. */
export interface VariableTroubles {
  readonly missing: string[];
  readonly placeholders: string[];
  readonly errors: ChemflowError[];
}

const variables = {
  host: 'HOST',
  port: 'PORT',
  database: 'NAME',
  user: 'USER',
  password: 'PASSWORD',
  sslmode: 'SSLMODE',
  sslrootcert: 'SSLROOTCERT',
  sslcert: 'SSLCERT',
  sslkey: 'SSLKEY',
} as const;

type Setting = keyof typeof variables;

/** The settings of a connection for a data environment; what is missing, a placeholder or wrong is added to `troubles`. */
export function readConnection(
  connection: DeclaredConnection,
  dataEnvironment: string,
  env: Environment,
  troubles: VariableTroubles,
): ConnectionSettings {
  const prefix = connection.prefixes[dataEnvironment];
  const literalKey = (setting: Setting): string =>
    setting === 'database' && connection.literal['dbname'] !== undefined ? 'dbname' : setting;
  const read = (setting: Setting, isRequired = false): string | undefined => {
    const variable = prefix === undefined ? undefined : `${prefix}_${variables[setting]}`;
    const value = variable === undefined ? undefined : valueOf(env, variable);
    if (value !== undefined && variable !== undefined) {
      if (isPlaceholder(value)) troubles.placeholders.push(variable);
      return setting === 'password' ? value : value.trim();
    }
    const literal = connection.literal[literalKey(setting)];
    // The database written beside a prefix is the embedded server's; a real one is named by its variable.
    const isMeant = setting !== 'database' || connection.literal['host'] !== undefined;
    if (literal !== undefined && isMeant) return String(literal);
    if (isRequired) troubles.missing.push(variable ?? `${literalKey(setting)} of connection ${connection.name}`);
    return undefined;
  };
  const port = read('port');
  if (port !== undefined && !isPlaceholder(port) && !(/^\d+$/.test(port) && Number(port) > 0 && Number(port) < 65_536))
    troubles.errors.push(
      new ChemflowError({
        code: 'CONFIG.PORT',
        message: `${prefix === undefined ? `The port of connection ${connection.name}` : `${prefix}_PORT`} is "${port}", which is no port.`,
        hint: 'write a number from 1 to 65535, or leave it out for 5432',
      }),
    );
  const sslmode = read('sslmode');
  if (sslmode !== undefined && !isPlaceholder(sslmode) && !isSslMode(sslmode))
    troubles.errors.push(
      new ChemflowError({
        code: 'CONFIG.SSLMODE',
        message: `${prefix === undefined ? `The sslmode of connection ${connection.name}` : `${prefix}_SSLMODE`} is "${sslmode}", which is no mode.`,
        hint: `write one of ${sslModes.join(', ')}`,
      }),
    );
  const timeout = connection.literal['connect_timeout'];
  return {
    name: connection.name,
    host: read('host', true) ?? '',
    port: Number(port ?? valueOf(env, 'PGPORT') ?? 5432),
    user: read('user', true) ?? '',
    password: read('password'),
    database: read('database', true) ?? '',
    sslmode: sslmode !== undefined && isSslMode(sslmode) ? sslmode : undefined,
    sslrootcert: read('sslrootcert'),
    sslcert: read('sslcert'),
    sslkey: read('sslkey'),
    connectTimeoutSeconds: timeout === undefined ? undefined : Number(timeout),
  };
}
