import type { Adapter, EventSink, ResourceId } from '../types/index.js';

/** Tells how far the copies under way are, a few times a second. */
export interface CopyProgress {
  /** Begins to watch a table that is written by a backend of the warehouse. */
  watch(id: ResourceId, backendPid: number): { readonly onBytes: (bytes: number) => void; stop(): void };
  close(): void;
}

const intervalMs = 500;

const countRows = `
select pid, tuples_processed::float8 as rows from pg_catalog.pg_stat_progress_copy where pid = any ($1::int4[])`;

/** Rows are counted by the warehouse itself (pg_stat_progress_copy), one question a tick for all tables, so that nothing is parsed here. */
export function createCopyProgress(warehouse: Adapter, sink: EventSink): CopyProgress {
  const watched = new Map<ResourceId, { readonly pid: number; bytes: number; told: number; rows: number }>();
  let isAsking = false;

  const tick = async (): Promise<void> => {
    const moved = [...watched].filter(([, copy]) => copy.bytes > copy.told);
    if (isAsking || moved.length === 0) return;
    isAsking = true;
    const pids = moved.map(([, copy]) => copy.pid);
    const counted = await warehouse
      .withSession((session) => session.rows<{ pid: number; rows: number }>(countRows, [pids]))
      .catch(() => []);
    isAsking = false;
    for (const [id, copy] of moved) {
      if (watched.get(id) !== copy) continue;
      copy.rows = counted.find(({ pid }) => pid === copy.pid)?.rows ?? copy.rows;
      copy.told = copy.bytes;
      sink({ kind: 'extract-progress', id, rows: copy.rows, bytes: copy.bytes });
    }
  };
  const timer = setInterval(() => void tick(), intervalMs);
  timer.unref();

  return {
    watch: (id, pid) => {
      const copy = { pid, bytes: 0, told: 0, rows: 0 };
      watched.set(id, copy);
      return { onBytes: (bytes) => (copy.bytes += bytes), stop: () => watched.delete(id) };
    },
    close: () => clearInterval(timer),
  };
}
