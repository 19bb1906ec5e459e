import type { ConnectionSettings, Project } from '../types/index.js';

const secretSetting = /salt|secret|password|token/i;

function secretsOf(settings: ConnectionSettings): string[] {
  const entries = Object.entries(settings.sessionSettings ?? {}).filter(([key]) => secretSetting.test(key));
  return [settings.password ?? '', ...entries.map(([, value]) => value)];
}

/** The environment variables that templates may read: all but those that hold a password of a connection or the hash salt. */
export function templateEnvironment(project: Project): Readonly<Record<string, string | undefined>> {
  const settings = [project.target.connection, ...Object.values(project.sourceConnections)];
  const secrets = new Set(settings.flatMap(secretsOf).filter((secret) => secret !== ''));
  return Object.fromEntries(
    Object.entries(project.env).filter(
      ([name, value]) => name !== 'CHEMFLOW_HASH_SALT' && !name.endsWith('_PASSWORD') && !secrets.has(value ?? ''),
    ),
  );
}
