import { ChemflowError } from '../error/index.js';
import type { ConnectionSettings } from '../types/index.js';
import { redactor } from './secrets.js';
import { isServerError } from './sql-error.js';

/** `user@host:port/database`, the way to name a connection to a person; never with its password. */
export function describeConnection(settings: ConnectionSettings): string {
  return `${settings.user}@${settings.host}:${settings.port}/${settings.database}`;
}

/** Why a connection could not be opened, as a ChemflowError `CONNECT.*` that names the connection. */
export function connectError(error: unknown, settings: ConnectionSettings): ChemflowError {
  if (error instanceof ChemflowError) return error;
  const [code, sentence, hint] = isServerError(error)
    ? fromServer(error.code, redactor(settings)(error.message), settings)
    : fromNetwork(error, settings);
  return new ChemflowError({
    code: `CONNECT.${code}`,
    message: `Connection ${settings.name} (${describeConnection(settings)}): ${sentence}`,
    hint,
    cause: error,
  });
}

/** A connection that broke while it was used. */
export function connectionLost(error: unknown, settings: ConnectionSettings): ChemflowError {
  const reason = error instanceof Error ? redactor(settings)(error.message) : String(error);
  return new ChemflowError({
    code: 'CONNECT.LOST',
    message: `Connection ${settings.name} (${describeConnection(settings)}) was lost: ${reason}.`,
    hint: 'What was not committed is rolled back; run the command again.',
    cause: error,
  });
}

type Finding = readonly [code: string, sentence: string, hint: string | undefined];

function fromServer(sqlstate: string, message: string, settings: ConnectionSettings): Finding {
  switch (sqlstate) {
    case '28P01':
      return ['PASSWORD', `the server refuses the password of ${settings.user}.`, 'Check its _USER and _PASSWORD.'];
    case '28000':
      return ['REFUSED', `the server refuses this user here: ${message}.`, 'Check its _USER, and pg_hba.conf.'];
    case '3D000':
      return ['NO_DATABASE', `there is no database ${settings.database}.`, 'Check its _NAME, or create the database.'];
    case '42501':
      return ['PRIVILEGE', `${message}.`, `GRANT CONNECT ON DATABASE "${settings.database}" TO "${settings.user}";`];
    case '53300':
      return ['TOO_MANY', 'the server has no connection left.', 'Use fewer --threads, or raise max_connections.'];
    case '57P03':
      return ['STARTING', `the server is not ready: ${message}.`, 'Wait a moment and try again.'];
    default:
      return ['FAILED', `${message} (SQLSTATE ${sqlstate}).`, undefined];
  }
}

function fromNetwork(error: unknown, settings: ConnectionSettings): Finding {
  const reason = error instanceof Error ? error : new Error(String(error));
  const errno = networkCode(reason);
  switch (errno) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return ['UNKNOWN_HOST', `there is no host of the name ${settings.host}.`, 'Check its _HOST.'];
    case 'ECONNREFUSED':
      return [
        'NO_SERVER',
        `nothing listens on port ${settings.port} of ${settings.host}.`,
        'Check its _HOST and _PORT, and that the server is up.',
      ];
    case 'ENOENT':
      return [
        'NO_SERVER',
        `there is no server socket in ${settings.host}.`,
        'Check its _HOST and _PORT, and that the server is up.',
      ];
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return [
        'UNREACHABLE',
        `${settings.host} does not answer (${errno}).`,
        'Check its _HOST, the network and any firewall.',
      ];
    default:
  }
  if (/timeout expired/.test(reason.message))
    return [
      'UNREACHABLE',
      `${settings.host} does not answer in time.`,
      'Check its _HOST, the network and any firewall.',
    ];
  if (/must be a (non-empty )?string|no password/i.test(reason.message))
    return ['PASSWORD', 'the server asks for a password and none is given.', 'Set its _PASSWORD.'];
  if (/does not support SSL/.test(reason.message))
    return [
      'SSL',
      `the server does not offer SSL, and sslmode is ${settings.sslmode ?? 'prefer'}.`,
      'Set its _SSLMODE to what the server offers.',
    ];
  if (isCertificateError(errno, reason.message))
    return [
      'SSL',
      `the server's certificate is not accepted: ${reason.message}.`,
      'Check its _SSLROOTCERT, _SSLMODE and _HOST.',
    ];
  return ['FAILED', `${redactor(settings)(reason.message)}.`, undefined];
}

/** Node tries every address of a name and reports all failures together; the first one's code tells enough. */
function networkCode(error: Error): string | undefined {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error && 'code' in first ? String(first.code) : undefined;
}

function isCertificateError(errno: string | undefined, message: string): boolean {
  return /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED)/.test(errno ?? '') || /certificate/i.test(message);
}
