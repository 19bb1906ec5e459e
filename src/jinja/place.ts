import type { Place } from '../error/index.js';
import type { TemplateSource } from './template-types.js';

/** The place in the file of a line and column (both from 0) of a template's text. */
export function placeOf(source: TemplateSource, lineno: number, colno: number): Place {
  const line = (source.line ?? 1) + lineno;
  return {
    file: source.file,
    line,
    column: colno + 1 + (lineno === 0 ? indentOfFirstLine(source) : 0),
    text: source.fileText ?? source.text,
  };
}

/** How far to the right the text's first character stands in its file. */
function indentOfFirstLine(source: TemplateSource): number {
  if (source.fileText === undefined) return 0;
  const line = source.fileText.split('\n')[(source.line ?? 1) - 1] ?? '';
  const first = source.text.slice(0, (source.text.indexOf('\n') + 1 || source.text.length + 1) - 1);
  return Math.max(0, line.indexOf(first.trimEnd()));
}

/** A line and a column in one number, cheap to write into compiled code. */
export function packPosition(lineno: number, colno: number): number {
  return lineno * 4096 + Math.min(colno, 4095);
}

/** The line and column of {@link packPosition}. */
export function unpackPosition(position: number): readonly [lineno: number, colno: number] {
  return [Math.floor(position / 4096), position % 4096];
}
