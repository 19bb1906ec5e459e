import { createAdapter, ensureDatabase } from '../adapter/index.js';
import { ChemflowError } from '../error/index.js';
import type { ConnectionSettings } from '../types/index.js';
import { quoteIdentifier } from '../util/sql-text.js';
import { readMark } from './databases.js';

async function isSample(settings: ConnectionSettings): Promise<boolean> {
  const adapter = createAdapter(settings);
  try {
    return await adapter.withSession(async (session) => {
      const { rows } = await session.query(
        `select count(*) from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'm')`,
      );
      if (rows[0]?.[0] === '0') return true;
      await readMark(session);
      return true;
    });
  } catch (error) {
    if (error instanceof ChemflowError && error.code === 'SAMPLE.NONE') return false;
    throw error;
  } finally {
    await adapter.close();
  }
}

/** Makes an empty database in a sample's place; refuses (SAMPLE.NOT_A_SAMPLE) to drop anything that is no sample. `maintenance` is another database of the server. */
export async function replaceDatabase(settings: ConnectionSettings, maintenance: ConnectionSettings): Promise<void> {
  if ((await ensureDatabase(settings)) === 'created') return;
  if (!(await isSample(settings))) {
    throw new ChemflowError({
      code: 'SAMPLE.NOT_A_SAMPLE',
      message: `Database "${settings.database}" holds something that is no sample; it is left alone.`,
      hint: 'drop it yourself if that is what you want, or name another server with --url',
    });
  }
  const adapter = createAdapter(maintenance);
  try {
    await adapter.withSession((session) =>
      session.query(`drop database if exists ${quoteIdentifier(settings.database)} with (force)`),
    );
  } finally {
    await adapter.close();
  }
  await ensureDatabase(settings);
}
