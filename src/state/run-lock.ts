import { hostname } from 'node:os';
import { ChemflowError } from '../error/index.js';
import type { Adapter, RunLock, Session } from '../types/index.js';

/** `chem`, `flow` as two integers: the key of the advisory lock, which PostgreSQL keeps apart by database. */
const key = '1667786093, 1718382455';

const holderQuery = `
select l.pid as "backendPid", h.application, h.command, h.process_id as "processId", h.host, h.taken_at as "takenAt"
from pg_locks l
left join chemflow.run_lock h on h.backend_pid = l.pid
where l.locktype = 'advisory' and l.granted
  and l.database = (select oid from pg_database where datname = current_database())
  and (l.classid, l.objid) = (1667786093, 1718382455) and l.objsubid = 2`;

const nameHolder = `
insert into chemflow.run_lock (backend_pid, application, command, process_id, host, taken_at)
values (pg_backend_pid(), $1, $2, $3, $4, clock_timestamp())
on conflict (only_row) do update
set (backend_pid, application, command, process_id, host, taken_at)
  = (excluded.backend_pid, excluded.application, excluded.command, excluded.process_id, excluded.host, excluded.taken_at)`;

/**
 * A client that was killed leaves its long queries behind: PostgreSQL finds out at their end, and until then they hold locks and names. Who has the
 * lock is the only run, so such sessions are nobody's; each is given ten seconds to roll back.
 */
const endOrphans = `
select pg_terminate_backend(pid, 10000) from pg_stat_activity
where datname = current_database() and application_name like 'chemflow thread %' and pg_has_role(usesysid, 'MEMBER')`;

interface Holder {
  readonly backendPid: number;
  readonly application: string | null;
  readonly command: string | null;
  readonly processId: number | null;
  readonly host: string | null;
  readonly takenAt: string | null;
}

/** Name of the session that has the run lock. */
export const runLockSession = 'chemflow run lock';

/** Takes the run lock on a connection of its own, or fails at once with `STATE.LOCKED`. */
export async function acquireRunLock(adapter: Adapter, description: string): Promise<RunLock> {
  const session = await adapter.open(runLockSession, { bookkeeping: true });
  try {
    const { rows } = await session.query(`select pg_try_advisory_lock(${key})`);
    if (rows[0]?.[0] !== 't') throw lockedError(await holderOf(session));
    // A run that vanished left its row as running; who has the lock is the only one that runs.
    const abandoned = `update chemflow.runs set status = 'abandoned', ended_at = clock_timestamp() where status = 'running'`;
    await session.query(nameHolder, ['chemflow', description, process.pid, hostname()]);
    await session.query([endOrphans, abandoned].join(';\n'));
  } catch (error) {
    await session.close();
    throw error;
  }
  const lost = new AbortController();
  let isReleased = false;
  void session.ended.then(() => {
    if (!isReleased) lost.abort(lostError());
  });
  return {
    lost: lost.signal,
    release: async () => {
      isReleased = true;
      await session.close();
    },
  };
}

async function holderOf(session: Session): Promise<Holder | undefined> {
  const [holder] = await session.rows<Holder>(holderQuery);
  return holder;
}

function lockedError(holder: Holder | undefined): ChemflowError {
  // It may have ended between the two questions.
  const who =
    holder === undefined
      ? 'Another run held the database a moment ago.'
      : holder.command === null
        ? `Another run holds the database (server process ${holder.backendPid}).`
        : `Another run holds the database: ${holder.application} ${holder.command}, process ${holder.processId} on ${holder.host}, since ${holder.takenAt} (server process ${holder.backendPid}).`;
  return new ChemflowError({
    code: 'STATE.LOCKED',
    message: who,
    hint:
      holder === undefined
        ? 'Try again.'
        : `Wait for it, or end it: kill it, or SELECT pg_terminate_backend(${holder.backendPid});`,
  });
}

function lostError(): ChemflowError {
  return new ChemflowError({
    code: 'STATE.LOCK_LOST',
    message: 'The connection that held the run lock was lost, so another run may begin: this one stops.',
    hint: 'Look at the server’s log, and run the command again.',
  });
}
