import { sqlErrorDetails } from '../adapter/index.js';
import { ChemflowError } from '../error/index.js';
import type { ExecutableNode, Manifest } from '../types/index.js';

/** Offset (UTF-16) of a character number (from 1, as PostgreSQL counts) in a text. */
function offsetOfCharacter(text: string, position: number): number {
  let offset = 0;
  for (let character = 1; character < position && offset < text.length; character += 1) {
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return offset;
}

/**
 * A PostgreSQL error with its place in the node's own file, where the line of the compiled SQL that it points to stands exactly once in the node's text;
 * else its place in the compiled SQL, shown under `compiledFile`. Errors without a position stay as they are.
 */
export function locateSqlError(
  error: unknown,
  node: ExecutableNode,
  compiledSql: string | undefined,
  manifest: Manifest,
  compiledFile: string,
): unknown {
  const details = sqlErrorDetails(error);
  if (!(error instanceof ChemflowError) || error.place !== undefined) return error;
  if (details?.position === undefined || details.statement === undefined || compiledSql === undefined) return error;
  const begin = details.statement.indexOf(compiledSql);
  const offset = offsetOfCharacter(details.statement, details.position) - begin;
  if (begin === -1 || offset < 0 || offset > compiledSql.length) return error;
  const before = compiledSql.slice(0, offset);
  const lineIndex = before.split('\n').length - 1;
  const column = before.length - before.lastIndexOf('\n');
  const line = compiledSql.split('\n')[lineIndex] ?? '';
  const raw = node.raw_code.split('\n');
  const matches = raw.flatMap((text, index) => (text.trim() === line.trim() ? [index] : []));
  const [match] = matches;
  if (matches.length === 1 && match !== undefined && line.trim() !== '') {
    const indent = (text: string): number => text.length - text.trimStart().length;
    return error.at({
      file: node.original_file_path,
      line: node.line + match,
      column: Math.max(1, column - indent(line) + indent(raw[match] ?? '')),
      text: manifest.files[node.original_file_path],
    });
  }
  return error.at({ file: compiledFile, line: lineIndex + 1, column, text: compiledSql });
}
