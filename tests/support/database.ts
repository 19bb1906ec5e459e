import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import type { Binaries } from '../../src/server/binaries.js';
import type { ServerSettings } from '../../src/server/tuning.js';
import type { ConnectionSettings } from '../../src/types/index.js';
import { connectionSettings, startTestServer, type TestServer } from './test-server.js';
import './global-setup.js';

export type { TestServer } from './test-server.js';

/** Starts a server of a test's own, with settings of its own (`{ log_statement: 'all' }`) or of another PostgreSQL version (`binaries`); the test stops it. */
export function createTestServer(
  options: { readonly settings?: ServerSettings; readonly binaries?: Binaries } = {},
): Promise<TestServer> {
  return startTestServer(
    options.binaries === undefined ? { ...options, runtime: inject('testServer').runtime } : options,
  );
}

/**
 * A server for tests that count the rows of an increment: transaction ids belong to a whole server, so that a transaction of another test (or of
 * autovacuum) holds the horizon back, and rows are rightly read once more.
 */
export function createQuietServer(): Promise<TestServer> {
  return createTestServer({ settings: { autovacuum: 'off' } });
}

/** A database of a test's own. */
export interface TestDatabase {
  readonly settings: ConnectionSettings;
  /** Ends its sessions and drops it. */
  drop(): Promise<void>;
}

/**
 * Creates an empty database with a name by chance on the server of this test run, or on the given one; its user is a superuser.
 * `name` gives it a name of its own, which must then be free on that server.
 */
export async function createTestDatabase(
  options: { readonly name?: string; readonly server?: TestServer } = {},
): Promise<TestDatabase> {
  const server = options.server ?? inject('testServer');
  const name = options.name ?? `test_${randomBytes(6).toString('hex')}`;
  const quoted = pg.escapeIdentifier(name);
  await administer(server, `create database ${quoted} template template0`);
  return {
    settings: connectionSettings(server, name),
    drop: () => administer(server, `drop database if exists ${quoted} with (force)`),
  };
}

/** Runs one statement as the superuser in the `postgres` database (or another). */
export async function administer(
  server: { readonly port: number; readonly user: string; readonly password: string },
  sql: string,
  database = 'postgres',
): Promise<void> {
  await queryOnce(connectionSettings(server, database), sql);
}

/** Runs one statement in a session of its own and resolves to its rows: for a test's own look at a database, apart from the code under test. */
export async function queryOnce(settings: ConnectionSettings, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({
    host: settings.host,
    port: settings.port,
    user: settings.user,
    password: settings.password,
    database: settings.database,
    ssl: false,
  });
  // A server that a test kills ends the session too; the query's own promise tells.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const result = (await client.query(sql)) as { rows?: Record<string, unknown>[] };
    return result.rows ?? [];
  } finally {
    await client.end();
  }
}
