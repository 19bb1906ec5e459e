import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { ChemflowError, didYouMean } from '../error/index.js';
import type { ConnectionSettings, Json, JsonObject, Target } from '../types/index.js';
import { readThreads } from './chemflow-target.js';
import { valueOf, type Environment } from './environment.js';
import { isSslMode, sslModes, withStandardVariables } from './standard-variables.js';
import { isObject, type YamlFile, type YamlPath } from './yaml-file.js';

/** What a profile is looked up by. */
export interface ProfileInput {
  readonly projectDir: string;
  readonly projectName: string;
  /** `profile:` of dbt_project.yml, or `--profile`. */
  readonly profileName: string | undefined;
  readonly profilesDir: string | undefined;
  readonly targetName: string | undefined;
  readonly threads: number | undefined;
  readonly env: Environment;
  readYaml(file: string, text: string): YamlFile;
  /** Renders Jinja in a part of profiles.yml, secrets allowed. */
  readonly render: (value: Json, file: YamlFile, path: YamlPath) => Json;
}

/** Where dbt looks for profiles.yml: the folder named, else the project's, else ~/.dbt. */
function findProfiles(input: ProfileInput): string | undefined {
  const named =
    input.profilesDir ?? valueOf(input.env, 'DBT_PROFILES_DIR') ?? valueOf(input.env, 'DBT_ENGINE_PROFILES_DIR');
  const folders = named === undefined ? [input.projectDir, join(homedir(), '.dbt')] : [resolve(named)];
  const found = folders.map((folder) => join(folder, 'profiles.yml')).find((path) => existsSync(path));
  if (found === undefined && named !== undefined)
    throw new ChemflowError({
      code: 'CONFIG.NO_PROFILES',
      message: `There is no profiles.yml in ${named}.`,
      hint: '--profiles-dir and DBT_PROFILES_DIR name the folder that it is in',
    });
  return found;
}

/** Keys of a profile's output that templates do not read as `target.<key>` by themselves. */
const ownKeys = [
  'type',
  'host',
  'user',
  'username',
  'password',
  'pass',
  'port',
  'dbname',
  'database',
  'schema',
  'threads',
];

/** Reads the target of a dbt project from profiles.yml; undefined where there is no profiles.yml at all (the embedded server is used). Throws `CONFIG.*`. */
export function readProfile(input: ProfileInput): Target | undefined {
  const path = findProfiles(input);
  if (path === undefined) return undefined;
  const shown = path.startsWith(input.projectDir) ? relative(input.projectDir, path) : path;
  const file = input.readYaml(shown, readFileSync(path, 'utf8'));
  const profiles = isObject(file.value) ? file.value : {};
  const name = input.profileName ?? input.projectName;
  const fail = (code: string, message: string, hint: string | undefined, at: YamlPath): ChemflowError =>
    new ChemflowError({ code: `CONFIG.${code}`, message, hint, place: file.placeOf(at) });
  const profile = profiles[name];
  if (!isObject(profile)) {
    const names = Object.keys(profiles).filter((key) => key !== 'config');
    const hint =
      didYouMean(name, names) ?? `profiles are ${names.join(', ')}; "profile:" of dbt_project.yml or --profile chooses`;
    throw fail('UNKNOWN_PROFILE', `${shown} has no profile "${name}".`, hint, []);
  }
  const outputs = isObject(profile['outputs']) ? profile['outputs'] : {};
  const fallback =
    typeof profile['target'] === 'string' ? input.render(profile['target'], file, [name, 'target']) : 'default';
  const targetName = input.targetName ?? valueOf(input.env, 'DBT_TARGET') ?? String(fallback as string);
  const raw = outputs[targetName];
  if (!isObject(raw)) {
    const names = Object.keys(outputs);
    const hint = didYouMean(targetName, names) ?? `targets are ${names.join(', ')}`;
    throw fail('UNKNOWN_TARGET', `Profile "${name}" has no target "${targetName}".`, hint, [name, 'outputs']);
  }
  const at = [name, 'outputs', targetName];
  const output = input.render(raw, file, at) as JsonObject;
  if (output['type'] !== 'postgres')
    throw fail(
      'UNSUPPORTED_ADAPTER',
      `Target "${targetName}" is of type "${String(output['type'] as string)}"; chemflow speaks to PostgreSQL only.`,
      'write type: postgres',
      [...at, 'type'],
    );
  return readOutput(input, output, { name, targetName, fail, at });
}

interface OutputPlace {
  readonly name: string;
  readonly targetName: string;
  readonly at: YamlPath;
  readonly fail: (code: string, message: string, hint: string | undefined, at: YamlPath) => ChemflowError;
}

function readOutput(input: ProfileInput, output: JsonObject, place: OutputPlace): Target {
  const text = (...keys: string[]): string | undefined => {
    const value = keys.map((key) => output[key]).find((candidate) => candidate !== undefined && candidate !== null);
    return value === undefined ? undefined : String(value as string);
  };
  const required = {
    host: text('host'),
    user: text('user', 'username'),
    dbname: text('dbname', 'database'),
    schema: text('schema'),
  };
  const missing = Object.entries(required).filter(([, value]) => value === undefined || value === '');
  if (missing.length > 0)
    throw place.fail(
      'PROFILE',
      `Target "${place.targetName}" of profile "${place.name}" lacks ${missing.map(([key]) => key).join(', ')}.`,
      undefined,
      place.at,
    );
  const sslmode = text('sslmode');
  if (sslmode !== undefined && !isSslMode(sslmode))
    throw place.fail('SSLMODE', `"${sslmode}" is no sslmode.`, `write one of ${sslModes.join(', ')}`, [
      ...place.at,
      'sslmode',
    ]);
  const port = text('port') ?? valueOf(input.env, 'PGPORT') ?? '5432';
  if (!/^\d+$/.test(port)) throw place.fail('PORT', `"${port}" is no port.`, undefined, [...place.at, 'port']);
  const sessionSettings = Object.fromEntries(
    (['search_path', 'role'] as const).flatMap((key) => {
      const value = text(key);
      return value === undefined || value === '' ? [] : [[key, value]];
    }),
  );
  const timeout = Number(text('connect_timeout'));
  const connection: ConnectionSettings = {
    name: place.name,
    host: required.host ?? '',
    port: Number(port),
    user: required.user ?? '',
    password: text('password', 'pass'),
    database: required.dbname ?? '',
    sslmode,
    sslrootcert: text('sslrootcert'),
    sslcert: text('sslcert'),
    sslkey: text('sslkey'),
    connectTimeoutSeconds: timeout > 0 ? timeout : undefined,
    ...(Object.keys(sessionSettings).length === 0 ? {} : { sessionSettings }),
  };
  const extra = Object.entries(output).filter(([key, value]) => !ownKeys.includes(key) && typeof value !== 'object');
  return {
    name: place.targetName,
    profileName: place.name,
    type: 'postgres',
    schema: required.schema ?? 'public',
    threads: readThreads(input.threads, output['threads'], 1),
    connection: withStandardVariables(connection, input.env),
    embedded: false,
    extra: Object.fromEntries(extra) as Target['extra'],
  };
}
