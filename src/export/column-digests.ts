import { createHash } from 'node:crypto';
import type { Batch } from './types.js';

/** What a pass over the rows finds in a column. */
export interface ColumnDigest {
  readonly nulls: number;
  /** SHA-256 of the values in the export's order as COPY writes them, a line each: whatever the format, it changes where a value does. */
  readonly sha256: string;
}

/** Counts and hashes the columns of batch after batch, in memory that does not grow. */
export function createColumnDigests(width: number): {
  add(batch: Batch): void;
  finish(): { readonly rows: number; readonly columns: readonly ColumnDigest[] };
} {
  const hashes = Array.from({ length: width }, () => createHash('sha256'));
  const nulls = Array.from({ length: width }, () => 0);
  let rows = 0;
  return {
    add: (batch) => {
      rows += batch.rows;
      hashes.forEach((hash, index) => {
        hash.update(`${(batch.escaped[index] ?? []).join('\n')}\n`);
        const found = (batch.columns[index] ?? []).reduce((count, value) => (value === null ? count + 1 : count), 0);
        nulls[index] = (nulls[index] ?? 0) + found;
      });
    },
    finish: () => ({
      rows,
      columns: hashes.map((hash, index) => ({ nulls: nulls[index] ?? 0, sha256: hash.digest('hex') })),
    }),
  };
}
