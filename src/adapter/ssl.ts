import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates, type ConnectionOptions } from 'node:tls';
import { ChemflowError } from '../error/index.js';
import type { ConnectionSettings } from '../types/index.js';

/** How to encrypt: not at all, or with these TLS options. */
export type Encryption = false | ConnectionOptions;

/**
 * What to try, in order, for an sslmode, with libpq's meaning: `prefer` (the default) falls back to a plain connection,
 * `require` verifies nothing unless there is a root certificate, `verify-ca` the chain, `verify-full` the host's name too.
 */
export function encryptionAttempts(settings: ConnectionSettings): readonly Encryption[] {
  if (settings.host.startsWith('/')) return [false];
  const mode = settings.sslmode ?? 'prefer';
  if (mode === 'disable') return [false];
  const encrypted = tlsOptions(settings, mode);
  if (mode === 'allow') return [false, encrypted];
  if (mode === 'prefer') return [encrypted, false];
  return [encrypted];
}

function tlsOptions(settings: ConnectionSettings, mode: string): ConnectionOptions {
  const authority = readAuthority(settings, mode);
  const verifies = mode.startsWith('verify-') || (mode === 'require' && authority !== undefined);
  return {
    rejectUnauthorized: verifies,
    // libpq compares the host's name in verify-full only; undefined says that the name is right.
    ...(mode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
    ...(authority === undefined ? {} : { ca: authority }),
    ...(settings.sslcert === undefined ? {} : { cert: readPem(settings, 'sslcert', settings.sslcert) }),
    ...(settings.sslkey === undefined ? {} : { key: readPem(settings, 'sslkey', settings.sslkey) }),
  };
}

/** The authorities to trust: the given file, `system`, or libpq's ~/.postgresql/root.crt where it exists. */
function readAuthority(settings: ConnectionSettings, mode: string): string | string[] | undefined {
  const given = settings.sslrootcert;
  if (given === 'system') {
    if (mode === 'verify-full') return [...rootCertificates];
    throw new ChemflowError({
      code: 'CONNECT.SSL',
      message: `Connection ${settings.name}: sslrootcert=system is only safe with sslmode=verify-full, not with ${mode}.`,
      hint: 'Set sslmode to verify-full, or sslrootcert to the file of your authority.',
    });
  }
  if (given !== undefined) return readPem(settings, 'sslrootcert', given);
  const usual = join(homedir(), '.postgresql', 'root.crt');
  if (mode !== 'prefer' && mode !== 'allow' && existsSync(usual)) return readPem(settings, 'sslrootcert', usual);
  if (!mode.startsWith('verify-')) return undefined;
  throw new ChemflowError({
    code: 'CONNECT.SSL',
    message: `Connection ${settings.name}: sslmode=${mode} needs a root certificate, and none is given.`,
    hint: `Set its SSLROOTCERT variable to the authority's file, to "system", or put the file at ${usual}.`,
  });
}

function readPem(settings: ConnectionSettings, what: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ChemflowError({
      code: 'CONNECT.SSL',
      message: `Connection ${settings.name}: the file of ${what} cannot be read: ${path}.`,
      cause,
    });
  }
}
