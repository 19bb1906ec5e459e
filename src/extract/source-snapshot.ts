import type { Adapter, Session, SourceFingerprint, SourceTable } from '../types/index.js';
import { quoteLiteral } from '../util/sql-text.js';
import { readFingerprint } from './fingerprint.js';
import { sourceCatalogQuery, type SourceRelation } from './source-catalog.sql.js';

/** One moment of a source database, shared by all copies from it, for as long as it is held. */
export interface SourceSnapshot {
  readonly connection: string;
  readonly fingerprint: SourceFingerprint;
  /** pg_snapshot_xmin and pg_snapshot_xmax of the moment, xid8 as text. */
  readonly horizon: string;
  readonly nextTransaction: string;
  /** What each source's clock said, by source name; text as the server wrote it. */
  readonly clocks: ReadonlyMap<string, string>;
  /** The tables that were asked for, in their order. */
  readonly relations: readonly SourceRelation[];
  /** Begins a read-only transaction at this moment in a session. */
  begin(session: Session): Promise<void>;
  /** A session of the source that is free; a new one if need be. */
  take(): Promise<Session>;
  /** Gives a session back; one whose work failed is closed instead. */
  giveBack(session: Session, isFit: boolean): Promise<void>;
  close(): Promise<void>;
}

const beginReading = 'begin isolation level repeatable read read only';

/** Opens the moment: a transaction that is held until close(), and everything that is asked of the catalog and the clocks in it. */
export async function openSnapshot(
  connection: string,
  adapter: Adapter,
  tables: readonly SourceTable[],
  applicationName: string,
): Promise<SourceSnapshot> {
  const holder = await adapter.open(applicationName);
  const idle: Session[] = [];
  const all = new Set<Session>([holder]);
  try {
    const fingerprint = await readFingerprint(holder);
    await holder.query(beginReading);
    const { rows } = await holder.query(
      'select pg_export_snapshot(), pg_snapshot_xmin(s), pg_snapshot_xmax(s) from pg_current_snapshot() as s',
    );
    const [exported, horizon, nextTransaction] = rows[0] ?? [];
    const clocks = await readClocks(holder, tables);
    const relations = await readRelations(holder, tables);
    return {
      connection,
      fingerprint,
      horizon: horizon ?? '',
      nextTransaction: nextTransaction ?? '',
      clocks,
      relations,
      begin: async (session) => {
        await session.query(`${beginReading}; set transaction snapshot ${quoteLiteral(exported ?? '')}`);
      },
      take: async () => {
        const free = idle.pop();
        if (free !== undefined) return free;
        const session = await adapter.open(applicationName);
        all.add(session);
        return session;
      },
      giveBack: async (session, isFit) => {
        if (isFit) idle.push(session);
        else {
          all.delete(session);
          await session.close();
        }
      },
      close: async () => {
        await Promise.all([...all].map((session) => session.close().catch(() => undefined)));
      },
    };
  } catch (error) {
    await holder.close().catch(() => undefined);
    throw error;
  }
}

async function readRelations(session: Session, tables: readonly SourceTable[]): Promise<readonly SourceRelation[]> {
  const schemas = tables.map((table) => table.extract?.from.schema ?? 'public');
  const names = tables.map((table) => table.extract?.from.table ?? table.name);
  return session.rows<SourceRelation>(sourceCatalogQuery, [schemas, names]);
}

async function readClocks(session: Session, tables: readonly SourceTable[]): Promise<ReadonlyMap<string, string>> {
  const clocks = new Map<string, string>();
  for (const { source_name: name, clock_query: query } of tables) {
    if (clocks.has(name)) continue;
    const { rows } = await session.query(query ?? 'select now()');
    const clock = rows[0]?.[0];
    if (clock !== undefined && clock !== null) clocks.set(name, clock);
  }
  return clocks;
}
