import type { ConnectionSettings } from '../types/index.js';
import { valueOf, type Environment } from './environment.js';

type SslMode = NonNullable<ConnectionSettings['sslmode']>;

/** The modes of libpq's sslmode. */
export const sslModes: readonly SslMode[] = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];

/** Is it one of libpq's modes? */
export function isSslMode(text: string): text is SslMode {
  return sslModes.some((mode) => mode === text);
}

/** `-c name=value` and `--name=value` of PGOPTIONS, with its backslash escapes. */
export function readOptions(text: string): Record<string, string> {
  const words: string[] = [];
  for (const match of text.matchAll(/(?:\\.|[^\\\s])+/gs)) words.push(match[0].replace(/\\(.)/gs, '$1'));
  const settings: Record<string, string> = {};
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const assignment = word === '-c' ? words[(index += 1)] : /^(?:-c|--)(.*)$/s.exec(word)?.[1];
    const [, name, value] = /^([\w.-]+)=(.*)$/s.exec(assignment ?? '') ?? [];
    if (name !== undefined && value !== undefined) settings[name.replaceAll('-', '_')] = value;
  }
  return settings;
}

/**
 * Fills what a real connection leaves open from the standard PG* variables, as psql would. Host, user and database are not
 * among them: what a connection needs is named by its own variables, and a forgotten one must not lead to another server.
 */
export function withStandardVariables(settings: ConnectionSettings, env: Environment): ConnectionSettings {
  const mode = valueOf(env, 'PGSSLMODE');
  const timeout = Number(valueOf(env, 'PGCONNECT_TIMEOUT'));
  const options = valueOf(env, 'PGOPTIONS');
  const zone = valueOf(env, 'PGTZ');
  const sessionSettings = {
    ...(zone === undefined ? {} : { timezone: zone }),
    ...(options === undefined ? {} : readOptions(options)),
    ...settings.sessionSettings,
  };
  return {
    ...settings,
    password: settings.password ?? valueOf(env, 'PGPASSWORD'),
    sslmode: settings.sslmode ?? (mode !== undefined && isSslMode(mode) ? mode : undefined),
    sslrootcert: settings.sslrootcert ?? valueOf(env, 'PGSSLROOTCERT'),
    sslcert: settings.sslcert ?? valueOf(env, 'PGSSLCERT'),
    sslkey: settings.sslkey ?? valueOf(env, 'PGSSLKEY'),
    connectTimeoutSeconds: settings.connectTimeoutSeconds ?? (timeout > 0 ? timeout : undefined),
    ...(Object.keys(sessionSettings).length === 0 ? {} : { sessionSettings }),
  };
}
