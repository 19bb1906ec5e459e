import type { ConnectionSettings } from '../types/index.js';

/** Settings of every session: results come as ISO text and floats with all their digits, whatever the server's or the role's defaults are. */
const everySession: Readonly<Record<string, string>> = {
  datestyle: 'ISO',
  intervalstyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
  standard_conforming_strings: 'on',
};

/**
 * The `options` startup parameter (`-c name=value ...`) for a connection. Settings that travel so appear neither
 * in the server's statement log nor in pg_stat_activity, which is why a salt is given here and not with SET.
 */
export function startupOptions(settings: ConnectionSettings, more: Readonly<Record<string, string>> = {}): string {
  return Object.entries({ ...everySession, ...settings.sessionSettings, ...more })
    .map(([name, value]) => `-c ${escapeOption(name)}=${escapeOption(value)}`)
    .join(' ');
}

/** The server splits options at white space; a backslash makes the next character ordinary. */
function escapeOption(text: string): string {
  return text.replaceAll(/[\\\s]/g, (character) => `\\${character}`);
}
