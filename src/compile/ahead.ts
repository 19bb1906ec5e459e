import { ChemflowError } from '../error/index.js';
import type { Task, TaskValue, WorkerMessage } from './protocol.js';
import type { WorkerPool } from './worker-pool.js';

/** What a worker says beside results. */
export type Aside = WorkerMessage & { readonly kind: 'say' | 'changed' };

/** Nodes and texts that are rendered before their turn. */
export interface Ahead {
  /** Renders what the task says when a worker is idle, once for each key. */
  start(key: string, task: Task): void;
  /** What came of it, as soon as that is known; undefined where it has to be rendered now. */
  take(key: string): Promise<TaskValue | undefined>;
  /** Is the task one of these? Then it is to have no answer. */
  has(task: Task | undefined): boolean;
  /** Keeps what the template of such a task said until the node's turn. */
  hear(task: Task, aside: Aside): void;
}

interface Entry {
  readonly task: Task;
  readonly result: Promise<TaskValue | undefined>;
  readonly said: Aside[];
}

/** The error of a template that asks the database something before its turn; nobody sees it. */
export function askedTooEarly(): ChemflowError {
  return new ChemflowError({ code: 'COMPILE.TOO_EARLY', message: 'The template asks the database.' });
}

/**
 * A text whose template asked nothing is the same before its turn as at it. What asked or failed is forgotten, with what it said: it is rendered again
 * when it has to be, and then says and fails as it should.
 */
export function createAhead(pool: WorkerPool, tell: (aside: Aside) => void): Ahead {
  const started = new Set<string>();
  const entries = new Map<string, Entry>();
  const saidBy = new Map<Task, Aside[]>();

  const render = async (task: Task, said: readonly Aside[]): Promise<TaskValue | undefined> => {
    try {
      const value = await pool.runIdle(task);
      // What it did to the catalog it has to do at its turn.
      return said.some(({ kind }) => kind === 'changed') ? undefined : value;
    } catch {
      return undefined;
    } finally {
      saidBy.delete(task);
    }
  };

  return {
    start: (key, task) => {
      if (started.has(key)) return;
      started.add(key);
      const said: Aside[] = [];
      saidBy.set(task, said);
      entries.set(key, { task, said, result: render(task, said) });
    },
    take: async (key) => {
      started.add(key);
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      entries.delete(key);
      if (pool.withdraw(entry.task)) return undefined;
      const value = await entry.result;
      if (value !== undefined) for (const aside of entry.said) tell(aside);
      return value;
    },
    has: (task) => task !== undefined && saidBy.has(task),
    hear: (task, aside) => {
      saidBy.get(task)?.push(aside);
    },
  };
}
