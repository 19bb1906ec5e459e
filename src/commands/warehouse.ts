import { createAdapter, createRelationCache } from '../adapter/index.js';
import { ChemflowError } from '../error/index.js';
import { openConnections } from '../project/index.js';
import { openState } from '../state/index.js';
import type { Adapter, Project, RelationCache, State } from '../types/index.js';
import type { CommandContext } from './command.js';

/** The analytics database as a command has it open. */
export interface Warehouse {
  /** The project with its connections resolved (the embedded server's, where that is used). */
  readonly project: Project;
  readonly adapter: Adapter;
  readonly cache: RelationCache;
  readonly state: State;
  /** Aborts at Ctrl-C, and where the run lock is lost. */
  readonly signal: AbortSignal;
  /** Takes the run lock until close(); throws STATE.LOCKED where another run has it. */
  lock(description: string): Promise<void>;
  close(): Promise<void>;
}

/** Connects a command to its analytics database: starts the embedded server where that is used, and hears Ctrl-C. Sessions for bookkeeping that are `expected` open beside. */
export async function openWarehouse(
  unconnected: Project,
  context: CommandContext,
  expected: readonly string[] = [],
): Promise<Warehouse> {
  const project = await openConnections(unconnected, context.terminal.sink);
  throwIfInterrupted(context);
  const abort = new AbortController();
  const adapter = createAdapter(project.target.connection, { poolSize: project.target.threads + 2 });
  const stop = (): void => {
    abort.abort(context.io.signal.reason);
    void adapter.cancelAll();
  };
  context.io.signal.addEventListener('abort', stop, { once: true });
  let release: (() => Promise<void>) | undefined;
  for (const name of expected) adapter.expect(name, { bookkeeping: true });
  try {
    const state = await openState(adapter);
    return {
      project,
      adapter,
      cache: createRelationCache(adapter),
      state,
      signal: abort.signal,
      lock: async (description) => {
        const lock = await state.acquireRunLock(description);
        release = () => lock.release();
        lock.lost.addEventListener('abort', () => {
          abort.abort(lock.lost.reason);
          void adapter.cancelAll();
        });
      },
      close: async () => {
        context.io.signal.removeEventListener('abort', stop);
        await release?.();
        await state.close();
        await adapter.close();
      },
    };
  } catch (error) {
    context.io.signal.removeEventListener('abort', stop);
    await adapter.close();
    throw error;
  }
}

/** Throws RUN.INTERRUPTED after a Ctrl-C. */
export function throwIfInterrupted(context: CommandContext): void {
  if (context.io.signal.aborted)
    throw new ChemflowError({ code: 'RUN.INTERRUPTED', message: 'Interrupted; what was there before is untouched.' });
}
