import type pg from 'pg';
import type { Question } from './questions.js';
import { inLiterals, type Literals } from './raw-copies.js';
import { rowsOf, type Row } from './session.js';

/** Both answers to a question. */
export interface Answers {
  readonly aggregate: readonly Row[];
  readonly raw: readonly Row[];
}

/** Puts a question to the warehouse and to the raw copies. */
export async function answersTo(
  question: Question,
  warehouse: pg.Client,
  copies: pg.Client,
  literals: Literals,
): Promise<Answers> {
  return {
    aggregate: await rowsOf(warehouse, question.aggregate),
    raw: await rowsOf(copies, inLiterals(question.raw, literals)),
  };
}

/** Where the two answers part, in a sentence; undefined where they are the same, row by row. */
export function describeDifference({ aggregate, raw }: Answers): string | undefined {
  const rows = Math.max(aggregate.length, raw.length);
  for (let index = 0; index < rows; index += 1) {
    const [ours, theirs] = [JSON.stringify(aggregate[index]), JSON.stringify(raw[index])];
    if (ours !== theirs) return `row ${index + 1} is ${ours} of the aggregates, ${theirs} of the sources`;
  }
  return undefined;
}
