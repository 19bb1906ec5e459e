import { setTimeout as sleep } from 'node:timers/promises';
import { ChemflowError } from '../../error/index.js';

/**
 * How long a statement that would lock readers out waits for them. It is well below PostgreSQL's deadlock_timeout of a second: a reader that waits for a
 * swap which waits for the reader is then never the one that is cancelled.
 */
export const lockTimeout = "set local lock_timeout = '200ms'";

/** Patience in milliseconds where there is another way (writing in place), and where there is none. */
export const shortPatience = 20_000;
export const longPatience = 600_000;

const lockedStates = new Set(['SQL.55P03', 'SQL.40P01']);

/** Could a lock not be had? */
export function isLocked(error: unknown): boolean {
  return error instanceof ChemflowError && lockedStates.has(error.code);
}

/** Does `work` again, after ever longer pauses, as long as it fails for want of a lock, at most for `patience` milliseconds and not once the run is stopped. */
export async function retryLocked<T>(work: () => Promise<T>, patience: number, stopped: () => boolean): Promise<T> {
  const end = Date.now() + patience;
  for (let pause = 50; ; pause = Math.min(pause * 2, 2000)) {
    try {
      return await work();
    } catch (error) {
      if (!isLocked(error) || stopped() || Date.now() + pause > end) throw error;
      await sleep(pause);
    }
  }
}
