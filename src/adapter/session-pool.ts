import type { Session } from '../types/index.js';
import type { TrackedSession } from './session.js';

/** At most `size` sessions, opened when they are needed and handed out again while they are fit for it. */
export interface SessionPool {
  use<T>(work: (session: Session) => Promise<T>): Promise<T>;
}

/** A pool over a function that opens a session. */
export function createSessionPool(size: number, open: () => Promise<TrackedSession>): SessionPool {
  const idle: TrackedSession[] = [];
  const waiting: (() => void)[] = [];
  let handedOut = 0;

  const take = async (): Promise<TrackedSession> => {
    while (handedOut >= size) await new Promise<void>((resolve) => waiting.push(resolve));
    handedOut += 1;
    for (let session = idle.pop(); session !== undefined; session = idle.pop()) {
      if (session.isReusable()) return session;
      session.destroy();
    }
    try {
      return await open();
    } catch (error) {
      giveBack(undefined);
      throw error;
    }
  };

  const giveBack = (session: TrackedSession | undefined): void => {
    handedOut -= 1;
    if (session?.isReusable() === true) idle.push(session);
    else session?.destroy();
    waiting.shift()?.();
  };

  return {
    use: async (work) => {
      const session = await take();
      try {
        const result = await work(session);
        session.takeNotices();
        return result;
      } catch (error) {
        // Also waits until the server has finished with what failed; a session that cannot do so is thrown away.
        await session.query('rollback').catch(() => session.destroy());
        throw error;
      } finally {
        giveBack(session);
      }
    },
  };
}
