import { ChemflowError } from '../error/index.js';
import type { ConnectionSettings } from '../types/index.js';
import { quoteIdentifier } from '../util/sql-text.js';
import { openClient } from './open-client.js';
import { isServerError } from './sql-error.js';

/** Databases that a server is known to have, tried in turn for a place to send CREATE DATABASE from. */
const maintenanceDatabases = ['postgres', 'template1'];

/**
 * Creates the connection's database (UTF8) where it is missing and the user may.
 * Where the user may not: `CONFIG.NO_DATABASE` with the SQL to type; other troubles are `CONNECT.*`.
 */
export async function ensureDatabase(settings: ConnectionSettings): Promise<'existed' | 'created'> {
  // The settings of a session may need what only the finished database has (a role, an extension).
  const plain: ConnectionSettings = { ...settings, sessionSettings: undefined };
  try {
    const { client } = await openClient(plain, 'chemflow', {}, undefined);
    await client.end();
    return 'existed';
  } catch (error) {
    if (!(error instanceof ChemflowError) || error.code !== 'CONNECT.NO_DATABASE') throw error;
  }
  return createDatabase(plain);
}

async function createDatabase(settings: ConnectionSettings): Promise<'created' | 'existed'> {
  let failure: unknown;
  for (const database of maintenanceDatabases) {
    try {
      const { client } = await openClient({ ...settings, database }, 'chemflow', {}, undefined);
      try {
        await client.query(`create database ${quoteIdentifier(settings.database)} encoding 'UTF8' template template0`);
        return 'created';
      } finally {
        await client.end();
      }
    } catch (error) {
      failure = error;
      // Another process may have been quicker.
      if (isServerError(error) && (error.code === '42P04' || error.code === '23505')) return 'existed';
      if (isServerError(error)) break;
    }
  }
  throw new ChemflowError({
    code: 'CONFIG.NO_DATABASE',
    message: `Connection ${settings.name}: there is no database ${settings.database}, and ${settings.user} could not create it: ${failure instanceof Error ? failure.message : String(failure)}.`,
    hint: `As a superuser: CREATE DATABASE ${quoteIdentifier(settings.database)} OWNER ${quoteIdentifier(settings.user)} ENCODING 'UTF8' TEMPLATE template0;`,
    cause: failure,
  });
}
