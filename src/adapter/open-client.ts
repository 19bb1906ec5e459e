import pg from 'pg';
import { ChemflowError } from '../error/index.js';
import type { ConnectionSettings } from '../types/index.js';
import { connectError } from './connect-error.js';
import { encryptionAttempts, type Encryption } from './ssl.js';
import { isServerError } from './sql-error.js';
import { startupOptions } from './startup-options.js';

/** pg's client, with what its types leave out. */
export interface Client extends pg.Client {
  readonly processID: number;
  readonly secretKey: number;
  readonly connection: pg.Connection;
  /** `I` idle, `T` in a transaction, `E` in a failed one. */
  getTransactionStatus(): 'I' | 'T' | 'E' | null;
}

/** A connected client and how it is encrypted (a cancel request must travel the same way). */
export interface OpenClient {
  readonly client: Client;
  readonly encryption: Encryption;
  /** As server_version_num: 150004. */
  readonly serverVersion: number;
}

const defaultConnectTimeoutSeconds = 15;

/** Connects with every setting given by name; the errors are ChemflowErrors `CONNECT.*`. */
export async function openClient(
  settings: ConnectionSettings,
  applicationName: string,
  sessionSettings: Readonly<Record<string, string>>,
  remembered: Encryption | undefined,
): Promise<OpenClient> {
  const attempts = remembered === undefined ? encryptionAttempts(settings) : [remembered];
  let failure: unknown;
  for (const encryption of attempts) {
    const client = createClient(settings, applicationName, sessionSettings, encryption);
    let serverVersion = 0;
    // The server tells its version while it greets: no question needs to be sent for it.
    client.connection.on('parameterStatus', (message: { parameterName: string; parameterValue: string }) => {
      if (message.parameterName === 'server_version') serverVersion = versionNumber(message.parameterValue);
    });
    try {
      await client.connect();
      return { client, encryption, serverVersion };
    } catch (error) {
      failure = error;
      client.end().catch(() => undefined);
      if (!mayTryOtherwise(error)) break;
    }
  }
  throw connectError(failure, settings);
}

function createClient(
  settings: ConnectionSettings,
  applicationName: string,
  sessionSettings: Readonly<Record<string, string>>,
  encryption: Encryption,
): Client {
  const { password } = settings;
  const config = {
    host: settings.host,
    port: settings.port,
    user: settings.user,
    database: settings.database,
    // pg reads PGPASSWORD and ~/.pgpass for a missing or empty password, but takes a function's word.
    password: () => {
      if (password !== undefined) return password;
      throw new Error('no password is given');
    },
    ssl: encryption,
    sslnegotiation: 'postgres',
    application_name: applicationName,
    client_encoding: 'UTF8',
    options: startupOptions(settings, sessionSettings),
    connectionTimeoutMillis: (settings.connectTimeoutSeconds ?? defaultConnectTimeoutSeconds) * 1000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000,
  };
  const client = new pg.Client(config as pg.ClientConfig) as Client;
  // The only setting that pg offers no value for that would keep it from PGREPLICATION.
  const parameters = (client as unknown as { connectionParameters: { replication: unknown } }).connectionParameters;
  parameters.replication = undefined;
  client.on('error', () => undefined);
  return client;
}

/** libpq's rule for `prefer` and `allow`: the other way is tried where this one is not offered or not admitted. */
function mayTryOtherwise(error: unknown): boolean {
  if (error instanceof ChemflowError) return false;
  if (isServerError(error)) return error.code === '28000';
  return error instanceof Error && /SSL|TLS|certificate/i.test(error.message);
}

/** `15.4 (Debian ...)` or `18beta1` as 150004 and 180000. */
function versionNumber(text: string): number {
  const [, major = '0', minor = '0'] = /^(\d+)(?:\.(\d+))?/.exec(text) ?? [];
  return Number(major) * 10_000 + Number(minor);
}
