import type pg from 'pg';
import { setTimeout as pause } from 'node:timers/promises';
import type { Question } from './questions.js';
import { openSession, type Place } from './session.js';

/** What readers saw of a question: milliseconds from asking to the last row, in ascending order. */
export type Waits = ReadonlyMap<string, readonly number[]>;

/** Milliseconds of a query as its session sees it. */
export async function millisecondsOf(session: pg.Client, sql: string): Promise<number> {
  const started = process.hrtime.bigint();
  await session.query(sql);
  return Number(process.hrtime.bigint() - started) / 1e6;
}

/** The figure that this share of the ascending figures does not exceed. */
export function percentile(ascending: readonly number[], share: number): number {
  return ascending[Math.max(0, Math.ceil(ascending.length * share) - 1)] ?? NaN;
}

/**
 * Runs `work` while `count` readers, each in a session of its own, put all questions to the warehouse over and over, with `pauseMilliseconds`
 * between one answer and the next question.
 */
export async function readDuring(
  work: () => Promise<unknown>,
  warehouse: Place,
  questions: readonly Question[],
  { count, pauseMilliseconds }: { readonly count: number; readonly pauseMilliseconds: number },
): Promise<Waits> {
  const waits = new Map<string, number[]>(questions.map(({ name }) => [name, []]));
  const sessions = await Promise.all(Array.from({ length: count }, () => openSession(warehouse)));
  let isOver = false;
  const read = async (session: pg.Client, first: number): Promise<void> => {
    // Each begins with another question.
    for (let turn = first; !isOver; turn += 1) {
      const question = questions[turn % questions.length];
      if (question === undefined) return;
      waits.get(question.name)?.push(await millisecondsOf(session, question.aggregate));
      await pause(pauseMilliseconds);
    }
  };
  try {
    const readers = Promise.all(sessions.map(read));
    try {
      await Promise.race([work(), readers]);
    } finally {
      isOver = true;
      await readers;
    }
  } finally {
    await Promise.all(sessions.map((session) => session.end()));
  }
  for (const figures of waits.values()) figures.sort((left, right) => left - right);
  return waits;
}
