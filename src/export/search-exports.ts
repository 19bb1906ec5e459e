import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readParquetTexts } from './read-parquet.js';

/** Whether a data file holds one of the texts, or why that cannot be said. */
export interface SearchedFile {
  readonly name: string;
  readonly held: boolean;
  readonly problem?: string | undefined;
}

/** A text escaped in a file may be so many times as long; two pieces of a file overlap by what covers any. */
const overlap = 4096;

/** The texts of a data file, piece by piece, so that a file of any size is never in memory whole; by its ending. */
const readers: Readonly<Record<string, (path: string) => AsyncIterable<string>>> = {
  parquet: readParquetTexts,
  jsonl: (path) => piecesOf(path, unescaped),
  csv: (path) => piecesOf(path, (text) => text),
};

/** Searches each data file of a folder for texts in lower case, without quotes and backslashes (as `chemflow forget` has them). */
export async function* searchExports(folder: string, texts: readonly string[]): AsyncGenerator<SearchedFile> {
  for (const name of (await readdir(folder)).sort()) {
    const read = readers[name.split('.').at(-1) ?? ''];
    if (read === undefined) continue;
    try {
      if (texts.length === 0) throw new Error('the person has no text or key of their own');
      let held = false;
      for await (const piece of read(join(folder, name))) {
        const normal = piece.replaceAll(/["\\]/g, '').toLowerCase();
        held = texts.some((text) => normal.includes(text));
        if (held) break;
      }
      yield { name, held };
    } catch (error) {
      yield { name, held: false, problem: error instanceof Error ? error.message : String(error) };
    }
  }
}

async function* piecesOf(path: string, plain: (text: string) => string): AsyncGenerator<string> {
  let before = '';
  for await (const chunk of createReadStream(path, { encoding: 'utf8' })) {
    const piece = `${before}${String(chunk)}`;
    yield plain(piece);
    before = piece.slice(-overlap);
  }
}

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** JSON's text with its escapes resolved. */
function unescaped(text: string): string {
  return text.replaceAll(/\\(?:u([\da-f]{4})|(.))/gi, (_, code: string | undefined, letter: string | undefined) =>
    code === undefined ? (escapes[letter ?? ''] ?? letter ?? '') : String.fromCharCode(Number.parseInt(code, 16)),
  );
}
