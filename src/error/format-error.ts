import { ChemflowError, ChemflowErrors } from './chemflow-error.js';
import type { Place } from './place.js';

/** `file:line:column`, then the line before, the line and a caret under the column. */
export function formatPlace(place: Place): string {
  const head = `${place.file}:${place.line}:${place.column}`;
  if (place.text === undefined) return `  at ${head}`;
  const lines = place.text.split('\n');
  const width = String(place.line).length;
  const excerpt: string[] = [];
  for (let number = Math.max(1, place.line - 1); number <= place.line; number += 1) {
    const line = lines[number - 1];
    if (line !== undefined)
      excerpt.push(`  ${String(number).padStart(width)} | ${line.replaceAll('\t', ' ').trimEnd()}`);
  }
  excerpt.push(`  ${' '.repeat(width)} | ${' '.repeat(Math.max(0, place.column - 1))}^`);
  return [`  at ${head}`, ...excerpt].join('\n');
}

/** The text of an error for a terminal: code and sentence, place with excerpt, hint; several errors one under the other. */
export function formatError(error: unknown): string {
  if (error instanceof ChemflowErrors) return error.errors.map(formatError).join('\n\n');
  if (error instanceof ChemflowError) {
    const parts = [`${error.code}: ${error.message}`];
    if (error.place !== undefined) parts.push(formatPlace(error.place));
    if (error.hint !== undefined) parts.push(`  hint: ${error.hint}`);
    return parts.join('\n');
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `BUG: chemflow failed in a way that it should not; please report this.\n${stack}`;
}
