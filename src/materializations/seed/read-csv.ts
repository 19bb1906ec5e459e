import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import { ChemflowError } from '../../error/index.js';

/** Streams the records of a CSV file, the header first. Throws SEED.CSV with the line where a record is broken. */
export async function* readCsv(path: string, shownPath: string, delimiter: string): AsyncGenerator<string[]> {
  const parser = createReadStream(path).pipe(
    parse({ bom: true, delimiter, skip_empty_lines: true, relax_quotes: false, relax_column_count: false }),
  );
  try {
    for await (const record of parser) yield record as string[];
  } catch (error) {
    const lines = typeof error === 'object' && error !== null && 'lines' in error ? Number(error.lines) : 1;
    throw new ChemflowError({
      code: 'SEED.CSV',
      message: `The seed could not be read: ${error instanceof Error ? error.message : String(error)}.`,
      place: { file: shownPath, line: lines, column: 1 },
      exitCode: 1,
      cause: error,
    });
  }
}
