import { createAdapter } from '../../src/adapter/index.js';
import type { ConnectionSettings } from '../../src/types/index.js';

/** Runs statements in a session of their own; resolves to the last one's rows. */
export async function ask(settings: ConnectionSettings, sql: string): Promise<Record<string, unknown>[]> {
  const adapter = createAdapter(settings, { poolSize: 1 });
  try {
    return await adapter.withSession((session) => session.rows<Record<string, unknown>>(sql));
  } finally {
    await adapter.close();
  }
}
