import { receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import type { RelationChange, SyncDatabase } from '../context/index.js';
import type { Column, QueryResult, Relation } from '../types/index.js';
import { quoteIdentifier, quoteLiteral } from '../util/sql-text.js';
import { errorOf } from './error-data.js';
import type { Answer, Question, WorkerMessage } from './protocol.js';

/** The line to the main thread. */
export interface WaitingLine {
  readonly send: (message: WorkerMessage) => void;
  readonly signal: Int32Array<SharedArrayBuffer>;
  readonly answers: MessagePort;
}

/** Asks the main thread and sleeps until the answer lies in the port. */
function ask(line: WaitingLine, question: Question): Answer {
  Atomics.store(line.signal, 0, 0);
  line.send({ kind: 'ask', question });
  // The wake-up of the answer before can still be on its way, where that answer was there before this thread slept.
  while (Atomics.load(line.signal, 0) === 0) Atomics.wait(line.signal, 0, 0);
  const received = receiveMessageOnPort(line.answers) as { readonly message: Answer } | undefined;
  if (received === undefined) throw new Error('The main thread woke this worker without an answer.');
  const answer = received.message;
  if (answer.kind === 'error') throw errorOf(answer.error);
  return answer;
}

function columnsQuery(relation: Relation): string {
  const name = [relation.schema, relation.identifier]
    .filter((part) => part !== '')
    .map(quoteIdentifier)
    .join('.');
  return (
    'select attname, pg_catalog.format_type(atttypid, atttypmod), attnotnull from pg_catalog.pg_attribute ' +
    `where attrelid = pg_catalog.to_regclass(${quoteLiteral(name)}) and attnum > 0 and not attisdropped order by attnum`
  );
}

/** The database of a worker's templates: each call waits until the main thread has answered it. */
export function createWaitingDatabase(line: WaitingLine): SyncDatabase {
  const query = (sql: string, fetch: boolean): QueryResult => {
    const answer = ask(line, { kind: 'query', sql, fetch });
    if (answer.kind !== 'result') throw new Error('A query was answered with something else.');
    return answer.result;
  };
  return {
    query,
    relations: (database, schema) => {
      const answer = ask(line, { kind: 'relations', database, schema });
      return answer.kind === 'relations' ? answer.relations : [];
    },
    // Asked in the node's own session, which sees its temporary tables and what its transaction has done.
    columns: (relation): readonly Column[] =>
      query(columnsQuery(relation), true).rows.map(([name, dataType, notNull]) => ({
        name: name ?? '',
        dataType: dataType ?? '',
        notNull: notNull === 't',
      })),
    changed: (change: RelationChange) => {
      line.send({ kind: 'changed', change });
    },
  };
}
