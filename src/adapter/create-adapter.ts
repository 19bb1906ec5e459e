import { setTimeout as sleep } from 'node:timers/promises';
import type { Adapter, Capabilities, ConnectionSettings, Session, SessionOptions } from '../types/index.js';
import { capabilitiesOf } from './capabilities.js';
import { openClient } from './open-client.js';
import { createSession, interrupted, type SessionOwner, type TrackedSession } from './session.js';
import { createSessionPool } from './session-pool.js';
import type { Encryption } from './ssl.js';

/** How an adapter opens its sessions. */
export interface AdapterOptions {
  /** Sessions that withSession() has open at most; 4 unless told. */
  readonly poolSize?: number;
  /** Every session is READ ONLY from its start: for sources. */
  readonly readOnly?: boolean;
  /** Settings of every session besides the connection's own. */
  readonly sessionSettings?: Readonly<Record<string, string>>;
  /** application_name of pooled sessions; `chemflow` unless told. */
  readonly applicationName?: string;
}

/** A source is only read; a copy may take its time there, but never waits long behind somebody's lock. */
const readOnlySettings: Readonly<Record<string, string>> = {
  default_transaction_read_only: 'on',
  statement_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  lock_timeout: '60s',
};

const cancelAttempts = 20;
const cancelPauseMs = 100;

/** The way to one database. Nothing is opened until a session is asked for. */
export function createAdapter(settings: ConnectionSettings, options: AdapterOptions = {}): Adapter {
  const sessions = new Set<TrackedSession>();
  const bookkeeping = new Set<TrackedSession>();
  let isInterrupted = false;
  let encryption: Encryption | undefined;
  const more = { ...options.sessionSettings, ...(options.readOnly === true ? readOnlySettings : {}) };

  const open = async (name: string, how: SessionOptions = {}): Promise<TrackedSession> => {
    const isBookkeeping = how.bookkeeping === true;
    if (isInterrupted && !isBookkeeping) throw interrupted();
    const opened = await openClient(
      settings,
      name,
      { ...how.settings, ...settings.sessionSettings, ...more },
      encryption,
    );
    encryption = opened.encryption;
    const owner: SessionOwner = {
      settings,
      isInterrupted: () => isInterrupted && !isBookkeeping,
      ended: (session) => {
        sessions.delete(session);
        bookkeeping.delete(session);
      },
    };
    const session = createSession(opened, name, owner);
    (isBookkeeping ? bookkeeping : sessions).add(session);
    return session;
  };

  const pool = createSessionPool(options.poolSize ?? 4, () => open(options.applicationName ?? 'chemflow'));

  const expected = new Map<string, Promise<TrackedSession>>();
  let known: Promise<Capabilities> | undefined;
  return {
    settings,
    open: (name, how) => {
      const opening = expected.get(name) ?? open(name, how);
      expected.delete(name);
      return opening;
    },
    expect: (name, how) => {
      const opening = open(name, how);
      opening.catch(() => undefined);
      expected.set(name, opening);
    },
    withSession: (work) => pool.use(work),
    capabilities: () => (known ??= pool.use((session) => Promise.resolve(capabilitiesOf(session.serverVersion)))),
    cancelAll: async () => {
      isInterrupted = true;
      await Promise.all([...sessions].map(cancelUntilIdle));
    },
    close: async () => {
      await Promise.allSettled(expected.values());
      await Promise.all([...sessions, ...bookkeeping].map((session) => closeQuietly(session)));
    },
  };
}

/** A request that arrives before its statement is lost, so it is repeated until the session is idle; what does not stop is cut off. */
async function cancelUntilIdle(session: TrackedSession): Promise<void> {
  for (let attempt = 0; attempt < cancelAttempts && session.isBusy(); attempt += 1) {
    await session.cancel().catch(() => undefined);
    await sleep(cancelPauseMs);
  }
  if (session.isBusy()) session.destroy();
}

async function closeQuietly(session: Session): Promise<void> {
  await session.close().catch(() => undefined);
}
