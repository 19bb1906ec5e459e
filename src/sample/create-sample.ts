import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAdapter } from '../adapter/index.js';
import { ChemflowError } from '../error/index.js';
import type { Adapter, ConnectionSettings, EventSink, Session } from '../types/index.js';
import { packageRoot } from '../util/package-root.js';
import { quoteIdentifier } from '../util/sql-text.js';
import { parseUntil, say, storeMark } from './databases.js';
import { dimensionTables } from './dimension-tables.js';
import { finderTables } from './finder-tables.js';
import { loadTable } from './load-table.js';
import { profileTables } from './profile-tables.js';
import type { SampleTable } from './sample-table.js';
import { socialTables } from './social-tables.js';
import { createWorld, type World } from './world.js';

/** Where a sample goes and how large it is. */
export interface SampleOptions {
  readonly chemlink: Adapter | ConnectionSettings;
  readonly engagement: Adapter | ConnectionSettings;
  readonly users: number;
  /** The same users, seed and until give the same rows on every machine. */
  readonly seed: number;
  /** The sample's clock: an ISO date or moment. */
  readonly until: string;
  readonly sink?: EventSink | undefined;
}

/** Runs `work` with an adapter; one made here is closed again. */
export async function withAdapter<T>(
  target: Adapter | ConnectionSettings,
  work: (adapter: Adapter) => Promise<T>,
): Promise<T> {
  if ('withSession' in target) return await work(target);
  const adapter = createAdapter(target);
  try {
    return await work(adapter);
  } finally {
    await adapter.close();
  }
}

const readSql = (name: string): Promise<string> => readFile(join(packageRoot, 'src', 'sample', name), 'utf8');

async function refuseFullDatabase(session: Session): Promise<void> {
  const { rows } = await session.query(
    `select current_database(), count(*) from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'm')`,
  );
  const [database, relations] = rows[0] ?? [];
  if (relations === '0') return;
  throw new ChemflowError({
    code: 'SAMPLE.NOT_EMPTY',
    message: `Database "${database ?? ''}" is not empty; a sample is made in an empty one only.`,
    hint: 'chemflow sample create --replace drops a sample and makes it anew',
  });
}

/** Later inserts count on from the largest id. */
async function advanceSequences(session: Session, tables: readonly SampleTable[]): Promise<void> {
  for (const { name } of tables) {
    const table = quoteIdentifier(name);
    await session.query(
      `select setval(pg_get_serial_sequence('${table}', 'id'), coalesce(max(id), 0) + 1, false) from ${table}`,
    );
  }
}

async function fill(
  adapter: Adapter,
  label: 'chemlink' | 'engagement',
  tables: readonly SampleTable[],
  world: World,
  sink: EventSink | undefined,
): Promise<void> {
  await adapter.withSession(async (session) => {
    await refuseFullDatabase(session);
    await session.query('begin');
    try {
      await session.query('set local search_path = public');
      await session.query(await readSql(`schema-${label}.sql`));
      for (const table of tables) {
        const rows = await loadTable(session, table, world);
        sink?.({ kind: 'message', level: 'debug', text: `sample ${label}.${table.name}: ${rows} rows` });
      }
      if (label === 'chemlink') await advanceSequences(session, tables);
      await session.query(await readSql(`keys-${label}.sql`));
      await storeMark(session, { clock: world.until, seed: world.seed, users: world.users });
      await session.query('commit');
    } catch (error) {
      await session.query('rollback').catch(() => undefined);
      throw error;
    }
    await session.query('analyze');
  });
}

/** The tables of the two databases, in the order in which they are filled. */
export const sampleTables = {
  chemlink: [...dimensionTables, ...profileTables, ...finderTables],
  engagement: socialTables,
} as const;

/** Fills two empty databases with the sample, each in one transaction; SAMPLE.NOT_EMPTY where something is in them. */
export async function createSample(options: SampleOptions): Promise<void> {
  const { sink, users, seed } = options;
  if (!Number.isSafeInteger(users) || users < 1) {
    throw new ChemflowError({ code: 'CONFIG.INVALID_OPTION', message: 'A sample has at least one user.' });
  }
  const world = createWorld(users, seed, parseUntil(options.until));
  say(sink, `making the sample sources: ${users} users, seed ${seed}, until ${options.until}`);
  // While one database sorts rows into its indexes, rows are made for the other.
  const fills = await Promise.allSettled([
    withAdapter(options.chemlink, (adapter) => fill(adapter, 'chemlink', sampleTables.chemlink, world, sink)),
    withAdapter(options.engagement, (adapter) => fill(adapter, 'engagement', sampleTables.engagement, world, sink)),
  ]);
  for (const outcome of fills) if (outcome.status === 'rejected') throw outcome.reason;
}
