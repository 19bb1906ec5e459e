import type { RunResult } from '../types/index.js';
import type { RunContext } from './execute-options.js';

const batchSize = 200;

/** Results on their way to the state tables: written in batches, one batch at a time; those written with their data are left out. */
export function createResultLog(run: RunContext): { add(result: RunResult): void; flush(): Promise<void> } {
  let waiting: RunResult[] = [];
  let last: Promise<void> = Promise.resolve();
  const write = (): void => {
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    last = last
      .then(() => run.state.recordResults(run.invocation.id, batch))
      .catch((error: unknown) => {
        const text = error instanceof Error ? error.message : String(error);
        run.sink({
          kind: 'message',
          level: 'warn',
          code: 'STATE.NOT_RECORDED',
          text: `Results could not be noted: ${text}`,
        });
      });
  };
  return {
    add: (result) => {
      if (!run.recorded.has(result)) waiting.push(result);
      if (waiting.length >= batchSize) write();
    },
    flush: async () => {
      write();
      await last;
    },
  };
}
