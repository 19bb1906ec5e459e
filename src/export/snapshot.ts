import { setTimeout as sleep } from 'node:timers/promises';
import { ChemflowError } from '../error/index.js';
import type { Adapter, Session } from '../types/index.js';

/** One moment of the warehouse, in which every relation of an export is read. */
export interface Snapshot {
  readonly session: Session;
  /** The oid of each relation, by its quoted name. */
  readonly oids: ReadonlyMap<string, number>;
}

/** A relation to be exported: its quoted name in SQL, and its model's. */
export interface ExportedRelation {
  readonly relation: string;
  readonly name: string;
}

/** Settings under which PostgreSQL writes each value in one way only. A row security policy that would hide rows is an error, not a smaller export. */
const settings = `
set local timezone = 'UTC';
set local datestyle = 'ISO, YMD';
set local intervalstyle = 'iso_8601';
set local extra_float_digits = 1;
set local bytea_output = 'hex';
set local row_security = off;
set local statement_timeout = 0;
set local idle_in_transaction_session_timeout = 0;
set local lock_timeout = '60s';`;

/**
 * Relations that this session has locked and that are not those of its snapshot. Catalogs are read as they were at the snapshot, while names and storage
 * (pg_relation_filenode) are those of now: a table that was swapped, truncated or refreshed in between would be read empty or newer than the others.
 */
const movedQuery = `
select count(*)
from pg_catalog.pg_locks l
left join pg_catalog.pg_class c on c.oid = l.relation
where l.pid = pg_catalog.pg_backend_pid() and l.locktype = 'relation' and l.relation >= 16384
  and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
  and (c.oid is null or (c.relfilenode <> 0 and c.relfilenode is distinct from pg_catalog.pg_relation_filenode(l.relation)))`;

const attempts = 20;

/**
 * Runs `work` in one read-only snapshot in which all the relations are locked against being replaced; begins anew where one of them was replaced
 * while the snapshot was taken. Throws EXPORT.NOT_BUILT where one is not there.
 */
export async function withSnapshot<Result>(
  adapter: Adapter,
  relations: readonly ExportedRelation[],
  work: (snapshot: Snapshot) => Promise<Result>,
): Promise<Result> {
  const session = await adapter.open('chemflow export');
  try {
    for (let attempt = 1; ; attempt += 1) {
      await session.query(`begin transaction isolation level repeatable read, read only;${settings}`);
      const oids = await lockRelations(session, relations);
      const moved = await session.query(movedQuery);
      if (moved.rows[0]?.[0] === '0') return await finish(session, () => work({ session, oids }));
      await session.query('rollback');
      if (attempt === attempts)
        throw new ChemflowError({
          code: 'EXPORT.BUSY',
          message: 'What is exported was being replaced each time that it was looked at.',
          hint: 'wait for the run that builds it, and try again',
        });
      await sleep(100 * attempt);
    }
  } finally {
    await session.close().catch(() => undefined);
  }
}

async function finish<Result>(session: Session, work: () => Promise<Result>): Promise<Result> {
  const result = await work();
  await session.query('commit');
  return result;
}

async function lockRelations(session: Session, relations: readonly ExportedRelation[]): Promise<Map<string, number>> {
  const oids = new Map<string, number>();
  // The first query takes the snapshot; what is committed after it is not seen.
  await session.query('select 1');
  for (const { relation, name } of relations) {
    const found = await session.query('select pg_catalog.to_regclass($1)::oid', [relation]);
    if (found.rows[0]?.[0] === null)
      throw new ChemflowError({
        code: 'EXPORT.NOT_BUILT',
        message: `${name} was not built yet, so there is nothing of it to export.`,
        hint: `chemflow run --select ${name}`,
        exitCode: 1,
      });
    // Reading no row takes the lock, of views, materialized views and what they stand on too.
    await session.query(`select from ${relation} limit 0`);
    const now = await session.rows<{ readonly oid: number }>('select pg_catalog.to_regclass($1)::oid as oid', [
      relation,
    ]);
    oids.set(relation, now[0]?.oid ?? 0);
  }
  return oids;
}

/** Keeps a second export out of a folder until the snapshot's transaction ends, however it ends. Throws EXPORT.BUSY. */
export async function lockFolder(session: Session, folder: string, host: string): Promise<void> {
  const taken = await session.query('select pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended($1, 0))', [
    `chemflow export ${host} ${folder}`,
  ]);
  if (taken.rows[0]?.[0] === 't') return;
  throw new ChemflowError({
    code: 'EXPORT.BUSY',
    message: `Another export is writing into ${folder}.`,
    hint: 'wait for it, or choose another folder with --out',
  });
}
