import type { Adapter, QueryResult, Session } from '../types/index.js';

/** A session that a task borrows from the pool with its first statement, and keeps until its end. */
export interface TaskSession {
  query(sql: string): Promise<QueryResult>;
  /** Gives the session back; after a failure, outside any transaction. */
  end(hasFailed: boolean): Promise<void>;
}

/** A task's session; nothing is borrowed before it is needed. */
export function createTaskSession(adapter: Adapter, own: Session | undefined): TaskSession {
  let borrowed: Promise<Session> | undefined;
  let giveBack: (() => void) | undefined;
  let lease: Promise<void> | undefined;

  const borrow = (): Promise<Session> =>
    new Promise<Session>((resolve, reject) => {
      lease = adapter
        .withSession((session) => {
          resolve(session);
          return new Promise<void>((done) => {
            giveBack = done;
          });
        })
        .catch((error: unknown) => {
          reject(error instanceof Error ? error : new Error(String(error)));
        });
    });

  return {
    query: async (sql) => {
      if (own !== undefined) return own.query(sql);
      borrowed ??= borrow();
      return (await borrowed).query(sql);
    },
    end: async (hasFailed) => {
      if (borrowed === undefined) return;
      const session = await borrowed.catch(() => undefined);
      if (hasFailed) await session?.query('rollback').catch(() => undefined);
      giveBack?.();
      await lease;
    },
  };
}
