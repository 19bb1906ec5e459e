/** Where in a file something stands; line and column count from 1. `text` is the file's whole text, for the excerpt with a caret. */
export interface Place {
  /** Path as shown to the user: relative to the project's root where it lies in it. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly text?: string | undefined;
}

/** The place of a character offset (from 0) in a text. */
export function placeAt(file: string, text: string, offset: number): Place {
  const before = text.slice(0, Math.max(0, Math.min(offset, text.length)));
  const lastBreak = before.lastIndexOf('\n');
  let line = 1;
  for (let index = before.indexOf('\n'); index !== -1; index = before.indexOf('\n', index + 1)) line += 1;
  return { file, line, column: before.length - lastBreak, text };
}
