import type { Readable, Writable } from 'node:stream';
import type pg from 'pg';
import copyStreams from 'pg-copy-streams';
import { ChemflowError } from '../error/index.js';
import type { ConnectionSettings, QueryResult, Session } from '../types/index.js';
import { sendCancelRequest } from './cancel-request.js';
import { connectionLost } from './connect-error.js';
import { copyBuffer, copyOutStream } from './copy-out.js';
import type { OpenClient } from './open-client.js';
import { isServerError, sqlError } from './sql-error.js';
import { textTypes, valueTypes } from './value-parsers.js';

/** A session as the adapter sees it: with the state that decides whether it may be used again. */
export interface TrackedSession extends Session {
  /** Is a statement under way? */
  isBusy(): boolean;
  /** May the pool hand it out again: connected, idle, outside a transaction? */
  isReusable(): boolean;
  /** Cuts the connection at once; the server rolls back what was open. */
  destroy(): void;
}

/** What a session asks of the adapter that opened it. */
export interface SessionOwner {
  readonly settings: ConnectionSettings;
  /** Has the run been interrupted, and does this session heed it? */
  isInterrupted(): boolean;
  /** Called once, when the connection has ended. */
  ended(session: TrackedSession): void;
}

/** A session on a connected client. */
export function createSession(open: OpenClient, name: string, owner: SessionOwner): TrackedSession {
  const { client, encryption, serverVersion } = open;
  const { settings } = owner;
  let running = 0;
  let isConnected = true;
  let isClosing = false;
  let notices: string[] = [];

  client.on('notice', (notice) => {
    if (notice.severity !== 'DEBUG') notices.push(`${notice.severity ?? 'NOTICE'}: ${notice.message ?? ''}`);
  });

  const located = (error: unknown, statement: string): ChemflowError => {
    if (error instanceof ChemflowError) return error;
    if (isServerError(error)) {
      const isCancelled = error.code === '57014' || error.code === '57P01';
      return isCancelled && owner.isInterrupted() ? interrupted(error) : sqlError(error, settings, statement);
    }
    return owner.isInterrupted() ? interrupted(error) : connectionLost(error, settings);
  };

  const send = async (
    sql: string,
    parameters: readonly unknown[] | undefined,
    mode: { rowMode?: 'array'; types: object },
  ): Promise<pg.QueryResult> => {
    if (owner.isInterrupted()) throw interrupted();
    running += 1;
    try {
      const config = { text: sql, ...mode, ...(parameters === undefined ? {} : { values: [...parameters] }) };
      const results = (await client.query(config as pg.QueryConfig)) as pg.QueryResult | pg.QueryResult[];
      const last = Array.isArray(results) ? results.at(-1) : results;
      if (last === undefined) throw new Error('pg gave no result');
      return last;
    } catch (error) {
      throw located(error, sql);
    } finally {
      running -= 1;
    }
  };

  /** pg-copy-streams reports through handleError; each error is translated on its way, and the stream counted while it runs. */
  const track = <Stream extends (Readable | Writable) & pg.Submittable>(stream: Stream, sql: string): Stream => {
    if (owner.isInterrupted()) throw interrupted();
    const query = stream as Stream & { handleError(error: unknown): void };
    const pass = query.handleError.bind(stream);
    running += 1;
    let isRunning = true;
    const settle = (): void => {
      if (isRunning) running -= 1;
      isRunning = false;
    };
    stream.once('close', settle);
    query.handleError = (error) => {
      settle();
      pass(located(error, sql));
    };
    client.query(query);
    return stream;
  };

  const ended = new Promise<void>((resolve) => {
    client.once('end', () => {
      isConnected = false;
      owner.ended(session);
      resolve();
    });
  });
  const session: TrackedSession = {
    name,
    ended,
    backendPid: client.processID,
    serverVersion,
    query: async (sql, parameters) =>
      toQueryResult(await send(sql, parameters, { rowMode: 'array', types: textTypes })),
    rows: async <Row extends object>(sql: string, parameters?: readonly unknown[]) =>
      (await send(sql, parameters, { types: valueTypes })).rows as Row[],
    copyFrom: (sql) => track(copyStreams.from(sql, { highWaterMark: copyBuffer }), sql),
    copyTo: (sql) => track(copyOutStream(sql), sql),
    takeNotices: () => {
      const taken = notices;
      notices = [];
      return taken;
    },
    cancel: () => sendCancelRequest(settings, encryption, client),
    close: async () => {
      isClosing = true;
      if (isConnected) await client.end();
    },
    isBusy: () => running > 0,
    isReusable: () => isConnected && !isClosing && running === 0 && client.getTransactionStatus() === 'I',
    destroy: () => {
      isClosing = true;
      client.connection.stream.destroy();
    },
  };
  return session;
}

/** The error of work that is refused or was cancelled because the run was interrupted. */
export function interrupted(cause?: unknown): ChemflowError {
  return new ChemflowError({ code: 'RUN.INTERRUPTED', message: 'The run was interrupted.', cause });
}

function toQueryResult(result: pg.QueryResult): QueryResult {
  return {
    columns: result.fields.map((field) => ({ name: field.name, typeOid: field.dataTypeID })),
    rows: result.rows as (string | null)[][],
    rowCount: result.rowCount ?? 0,
    command: result.command ?? '',
  };
}
