import { StringDecoder } from 'node:string_decoder';
import type { Session } from '../types/index.js';
import type { Batch } from './types.js';

/** A batch ends before its rows where they hold more than this, in UTF-16 units of COPY text. */
const batchLength = 4 * 1024 * 1024;

/**
 * The rows of a query in batches, streamed by COPY: the server waits while a batch is worked on, so memory does not grow with the table.
 * A session whose rows were not read to their end must not be used again.
 */
export async function* readRows(
  session: Session,
  query: string,
  width: number,
  batchRows: number,
): AsyncGenerator<Batch> {
  const stream = session.copyTo(`copy (${query}) to stdout`);
  let lines: string[] = [];
  let length = 0;
  for await (const group of linesOf(stream)) {
    for (const line of group) {
      lines.push(line);
      length += line.length;
      if (lines.length < batchRows && length < batchLength) continue;
      yield toBatch(lines, width);
      lines = [];
      length = 0;
    }
  }
  if (lines.length > 0) yield toBatch(lines, width);
}

/** The lines of a stream of UTF-8, as many at a time as came. A long line is put together once, when its end has come. */
async function* linesOf(stream: AsyncIterable<unknown>): AsyncGenerator<readonly string[]> {
  const decoder = new StringDecoder('utf8');
  let begun: string[] = [];
  for await (const chunk of stream) {
    const text = decoder.write(chunk as Buffer);
    const end = text.lastIndexOf('\n');
    if (end < 0) {
      begun.push(text);
      continue;
    }
    begun.push(text.slice(0, end));
    yield begun.join('').split('\n');
    begun = end + 1 < text.length ? [text.slice(end + 1)] : [];
  }
}

function toBatch(lines: readonly string[], width: number): Batch {
  const columns: (string | null)[][] = Array.from({ length: width }, () => []);
  const escaped: string[][] = Array.from({ length: width }, () => []);
  for (const line of lines) {
    const fields = width === 0 ? [] : line.split('\t');
    for (let index = 0; index < width; index += 1) {
      const field = fields[index] ?? '';
      escaped[index]?.push(field);
      columns[index]?.push(field === '\\N' ? null : field.includes('\\') ? unescape(field) : field);
    }
  }
  return { rows: lines.length, columns, escaped };
}

const controls: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** A field of COPY's text format as it was. */
function unescape(field: string): string {
  return field.replaceAll(/\\(.)/gs, (_, letter: string) => controls[letter] ?? letter);
}
