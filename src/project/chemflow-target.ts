import { availableParallelism } from 'node:os';
import { ChemflowError, didYouMean, throwAll } from '../error/index.js';
import type { ConnectionSettings, Json, JsonObject, Target } from '../types/index.js';
import {
  areConfigured,
  readConnection,
  readDataEnvironment,
  readDeclaration,
  unreadVariables,
  warehouseName,
  type DeclaredConnection,
  type VariableTroubles,
} from './declared-connections.js';
import { isPlaceholder, valueOf, type Environment } from './environment.js';
import { withStandardVariables } from './standard-variables.js';
import { isObject, type YamlFile } from './yaml-file.js';

/** A target and the connections that sources are read through. */
export interface Connections {
  readonly target: Target;
  readonly sourceConnections: Readonly<Record<string, ConnectionSettings>>;
  readonly connectionNames: readonly string[];
  readonly sample: boolean;
}

/** What a chemflow.yml says of targets and connections, rendered. */
export interface TargetInput {
  readonly file: YamlFile;
  readonly config: JsonObject;
  readonly env: Environment;
  readonly targetName: string | undefined;
  readonly threads: number | undefined;
}

/** Name of the variable of the keyed hash's salt, and of the setting under which SQL reads it. */
export const saltVariable = 'CHEMFLOW_HASH_SALT';
export const saltSetting = 'chemflow.hash_salt';

function declaredTargets(config: JsonObject): JsonObject {
  return isObject(config['targets']) ? config['targets'] : { prod: {} };
}

/** The name of the target that a chemflow.yml's configuration, the environment and the command line choose; declared or not. */
export function targetNameOf(config: JsonObject, env: Environment, asked: string | undefined): string {
  const names = Object.keys(declaredTargets(config));
  const fallback = config['target'] ?? (names.includes('prod') ? 'prod' : names[0]);
  return asked ?? valueOf(env, 'CHEMFLOW_TARGET') ?? String(fallback);
}

function chooseTarget(input: TargetInput): { readonly name: string; readonly fields: JsonObject } {
  const declared = declaredTargets(input.config);
  const names = Object.keys(declared);
  const name = targetNameOf(input.config, input.env, input.targetName);
  if (!names.includes(name))
    throw new ChemflowError({
      code: 'CONFIG.UNKNOWN_TARGET',
      message: `There is no target "${name}" in ${input.file.file}.`,
      hint: didYouMean(name, names) ?? `targets are ${names.join(', ')}`,
      place: input.file.placeOf(['targets']),
    });
  const fields = declared[name];
  return { name, fields: isObject(fields) ? fields : {} };
}

/** Threads where nobody says how many: on a server of this machine no more than it has cores, which builds as fast and leaves readers their turn. */
function defaultThreads(isEmbedded: boolean): number {
  return isEmbedded ? Math.min(4, availableParallelism()) : 4;
}

/** The number of threads that is asked for, or that the target has, or that is usual. */
export function readThreads(asked: number | undefined, declared: Json | undefined, usual: number): number {
  const threads = asked ?? (declared === undefined || declared === null ? usual : Number(declared));
  if (Number.isInteger(threads) && threads >= 1 && threads <= 1000) return threads;
  throw new ChemflowError({
    code: 'CONFIG.THREADS',
    message: `"${String(asked ?? declared)}" is no number of threads.`,
    hint: 'write a whole number of at least 1',
  });
}

function embeddedSettings(name: string, database: string): ConnectionSettings {
  return { name, host: '127.0.0.1', port: 0, user: '', password: undefined, database };
}

/** Chooses the target, and reads its connection and those of the sources from the environment; where nothing is configured, all are the embedded server's (their host and port are not known yet). */
export function readChemflowTarget(input: TargetInput): Connections {
  const { config, env } = input;
  const chosen = chooseTarget(input);
  const warehouseFields = isObject(config['warehouse']) ? config['warehouse'] : {};
  const { schema, threads, role, search_path: searchPath, ...ownConnection } = chosen.fields;
  const warehouse = readDeclaration(
    warehouseName,
    { ...warehouseFields, ...ownConnection },
    { default: 'ANALYTICS_DB', kube: 'ANALYTICS_DEV_DB' },
  );
  const declared = isObject(config['connections']) ? config['connections'] : {};
  const sources = Object.entries(declared).map(([name, value]) => {
    const prefix = name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
    return readDeclaration(name, value, { default: `${prefix}_DB` });
  });
  const sample = config['sample'] === true;
  const isReal = areConfigured([warehouse, ...sources], env);
  const salt = valueOf(env, saltVariable);
  const extra = Object.fromEntries(
    Object.entries({ search_path: searchPath, role }).filter(([, value]) => value !== undefined && value !== null),
  ) as Record<string, string>;
  const sessionSettings: Record<string, string> = { ...extra };
  if (salt !== undefined) sessionSettings[saltSetting] = salt;

  const settings = isReal ? readAll(warehouse, sources, input, salt) : undefined;
  if (!isReal && salt !== undefined && isPlaceholder(salt)) throwAll(placeholderErrors([saltVariable]));
  const connection =
    settings?.warehouse ??
    embeddedSettings(warehouseName, warehouse.embeddedDatabase ?? String(config['name'] ?? 'analytics'));
  const target: Target = {
    name: chosen.name,
    profileName: String(config['profile'] ?? config['name'] ?? 'chemflow'),
    type: 'postgres',
    schema: schema === undefined || schema === null ? 'public' : String(schema),
    threads: readThreads(input.threads, threads, defaultThreads(!isReal)),
    connection:
      Object.keys(sessionSettings).length === 0
        ? connection
        : { ...connection, sessionSettings: { ...connection.sessionSettings, ...sessionSettings } },
    embedded: !isReal,
    extra,
  };
  const sourceConnections =
    settings?.sources ??
    (sample
      ? Object.fromEntries(
          sources.map((one) => [one.name, embeddedSettings(one.name, one.embeddedDatabase ?? one.name)]),
        )
      : {});
  return { target, sourceConnections, connectionNames: sources.map((one) => one.name), sample };
}

function placeholderErrors(names: readonly string[]): ChemflowError[] {
  if (names.length === 0) return [];
  return [
    new ChemflowError({
      code: 'CONFIG.PLACEHOLDER',
      message: `${names.length === 1 ? 'This variable still has' : 'These variables still have'} the value of an example: ${names.join(', ')}.`,
      hint: 'write the real values into .env, or leave all of them blank to use the embedded server',
    }),
  ];
}

function readAll(
  warehouse: DeclaredConnection,
  sources: readonly DeclaredConnection[],
  input: TargetInput,
  salt: string | undefined,
): { readonly warehouse: ConnectionSettings; readonly sources: Record<string, ConnectionSettings> } {
  const { env } = input;
  const dataEnvironment = readDataEnvironment([warehouse, ...sources], env);
  const troubles: VariableTroubles = { missing: [], placeholders: [], errors: [] };
  const read = (connection: DeclaredConnection): ConnectionSettings =>
    withStandardVariables(readConnection(connection, dataEnvironment, env, troubles), env);
  const warehouseSettings = read(warehouse);
  const sourceSettings = Object.fromEntries(sources.map((connection) => [connection.name, read(connection)]));
  if (input.config['hash_salt'] === 'required') {
    if (salt === undefined) troubles.missing.push(saltVariable);
    else if (isPlaceholder(salt)) troubles.placeholders.push(saltVariable);
  }
  const errors = [...troubles.errors, ...placeholderErrors(troubles.placeholders)];
  if (troubles.missing.length > 0)
    errors.unshift(missingError(troubles.missing, dataEnvironment, [warehouse, ...sources], env));
  throwAll(errors);
  return { warehouse: warehouseSettings, sources: sourceSettings };
}

function missingError(
  missing: readonly string[],
  dataEnvironment: string,
  connections: readonly DeclaredConnection[],
  env: Environment,
): ChemflowError {
  const others = connections.flatMap((connection) =>
    Object.entries(connection.prefixes).filter(([key]) => key !== dataEnvironment),
  );
  const isOther = others.find(([, prefix]) =>
    Object.keys(env).some((name) => name.startsWith(`${prefix}_`) && valueOf(env, name) !== undefined),
  );
  const switching =
    isOther === undefined
      ? ''
      : isOther[0] === 'default'
        ? `; variables of ${isOther[1]}_* are set: are they meant, without DATA_ENV?`
        : `; variables of ${isOther[1]}_* are set: they are read with DATA_ENV=${isOther[0]}`;
  const strays = unreadVariables(connections, env);
  const unread = strays.length === 0 ? '' : `; no connection reads ${strays.join(', ')}`;
  return new ChemflowError({
    code: 'CONFIG.MISSING_ENV',
    message: `${missing.length === 1 ? 'This environment variable is' : 'These environment variables are'} not set: ${missing.join(', ')}.`,
    hint: `set ${missing.length === 1 ? 'it' : 'them'} in the environment or in .env${switching}${unread}; the embedded server is used only where no connection is configured at all`,
  });
}
