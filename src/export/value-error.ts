import { ChemflowError } from '../error/index.js';
import type { DatasetColumn } from './types.js';

/** EXPORT.VALUE: a column holds what the file format cannot; `what` is a predicate. */
export function valueError(
  column: DatasetColumn,
  what: string,
  hint = 'export it as jsonl or csv, which keep the words, or cast it in the model',
  cause?: unknown,
): ChemflowError {
  return new ChemflowError({
    code: 'EXPORT.VALUE',
    message: `Column "${column.name}" (${column.postgresType}) ${what}.`,
    hint,
    cause,
    exitCode: 1,
  });
}
