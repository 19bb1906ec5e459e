import type { ConnectionSettings } from '../types/index.js';

const secretName = /salt|secret|password|token|key/i;

/** A function that replaces a connection's password and secret session settings in a text by `***`. */
export function redactor(settings: ConnectionSettings): (text: string) => string {
  const secrets = [
    settings.password,
    ...Object.entries(settings.sessionSettings ?? {}).map(([name, value]) =>
      secretName.test(name) ? value : undefined,
    ),
  ].filter((secret): secret is string => secret !== undefined && secret.length >= 4);
  if (secrets.length === 0) return (text) => text;
  return (text) => secrets.reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
}
