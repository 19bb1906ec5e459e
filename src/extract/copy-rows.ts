import { pipeline } from 'node:stream/promises';
import type { Session } from '../types/index.js';

/** Bytes and rows that crossed the wire. */
export interface CopyCount {
  readonly rows: number;
  readonly bytes: number;
}

/**
 * Streams COPY data from one server to another as it is; a slow end holds the other back, so memory does not grow.
 * Where one end fails, the other is stopped; the source's session must then not be used again.
 */
export async function copyRows(
  from: { readonly session: Session; readonly sql: string },
  to: { readonly session: Session; readonly sql: string },
  onBytes: (bytes: number) => void,
): Promise<CopyCount> {
  const target = to.session.copyFrom(to.sql);
  const source = from.session.copyTo(from.sql);
  let bytes = 0;
  source.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    onBytes(chunk.length);
  });
  await pipeline(source, target);
  return { rows: target.rowCount, bytes };
}
