import { ChemflowError } from '../error/index.js';
import type { CompiledResource, ResourceId } from '../types/index.js';
import type { Task, WorkerMessage } from './protocol.js';
import type { WorkerPool } from './worker-pool.js';

/** What a worker says beside results. */
export type Aside = WorkerMessage & { readonly kind: 'say' | 'changed' };

/** Nodes that are rendered before their turn. */
export interface Ahead {
  /** Renders these nodes when a worker is idle, each at most once. */
  start(ids: readonly ResourceId[]): void;
  /** What a node was rendered to, as soon as that is known; undefined where it has to be rendered now. */
  take(id: ResourceId): Promise<CompiledResource | undefined>;
  /** Is the task one of these? Then it is to have no answer. */
  has(task: Task | undefined): boolean;
  /** Keeps what the template of such a task said until the node's turn. */
  hear(task: Task, aside: Aside): void;
}

interface Entry {
  readonly task: Task;
  readonly result: Promise<CompiledResource | undefined>;
  readonly said: Aside[];
}

/** The error of a template that asks the database something before its turn; nobody sees it. */
export function askedTooEarly(): ChemflowError {
  return new ChemflowError({ code: 'COMPILE.TOO_EARLY', message: 'The template asks the database.' });
}

/**
 * SQL whose template asked nothing is the same before the node's turn as at it. What asked or failed is forgotten, with what it said: it is rendered again
 * when it has to be, and then says and fails as it should.
 */
export function createAhead(pool: WorkerPool, tell: (aside: Aside) => void): Ahead {
  const started = new Set<ResourceId>();
  const entries = new Map<ResourceId, Entry>();
  const saidBy = new Map<Task, Aside[]>();

  const render = async (task: Task, said: readonly Aside[]): Promise<CompiledResource | undefined> => {
    try {
      const value = (await pool.runIdle(task)) as CompiledResource;
      // What it did to the catalog it has to do at its turn.
      return said.some(({ kind }) => kind === 'changed') ? undefined : value;
    } catch {
      return undefined;
    } finally {
      saidBy.delete(task);
    }
  };

  return {
    start: (ids) => {
      for (const id of ids) {
        if (started.has(id)) continue;
        started.add(id);
        const task: Task = { kind: 'compile', id };
        const said: Aside[] = [];
        saidBy.set(task, said);
        entries.set(id, { task, said, result: render(task, said) });
      }
    },
    take: async (id) => {
      started.add(id);
      const entry = entries.get(id);
      if (entry === undefined) return undefined;
      entries.delete(id);
      if (pool.withdraw(entry.task)) return undefined;
      const resource = await entry.result;
      if (resource !== undefined) for (const aside of entry.said) tell(aside);
      return resource;
    },
    has: (task) => task !== undefined && saidBy.has(task),
    hear: (task, aside) => {
      saidBy.get(task)?.push(aside);
    },
  };
}
