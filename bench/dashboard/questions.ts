import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the questions and of the definitions that they share; the compiled bench reads them in the sources. */
export const questionFolder = fileURLToPath(new URL('../../bench/dashboard/', import.meta.url));

/** A question of the dashboard, as put to the warehouse and as put to the sources. */
export interface Question {
  readonly name: string;
  readonly aggregate: string;
  /** With :as_of in it (inLiterals). */
  readonly raw: string;
}

function parseQuestion(name: string, text: string): Question {
  const parts = /^-- aggregate\n(?<aggregate>.*?)^-- raw\n(?<raw>.*)/ms.exec(text)?.groups;
  if (parts?.['aggregate'] === undefined || parts['raw'] === undefined)
    throw new Error(`${name}.sql needs a line "-- aggregate" and, after it, a line "-- raw".`);
  return { name, aggregate: parts['aggregate'].trim(), raw: parts['raw'].trim() };
}

/** The questions of bench/dashboard/questions, by name. */
export function readQuestions(): readonly Question[] {
  const folder = join(questionFolder, 'questions');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => parseQuestion(file.slice(0, -'.sql'.length), readFileSync(join(folder, file), 'utf8')));
}
