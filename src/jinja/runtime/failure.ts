import { ChemflowError } from '../../error/index.js';
import { placeOf, unpackPosition } from '../place.js';
import type { TemplateSource } from '../template-types.js';
import { Returned } from '../values/value.js';

/** Macros named under an error; a macro that calls itself without an end would name thousands. */
const longestStack = 12;

/**
 * What a template throws on for an error of something in it: the error at the tag that was running, with the macro's line of the
 * stack in its hint. A `return` passes, and so does what is no error of the user's.
 */
export function failureAt(error: unknown, source: TemplateSource, position: number, macroName: string | null): unknown {
  if (error instanceof Returned) return error;
  const known = error instanceof RangeError ? rangeError(error) : error;
  if (!(known instanceof ChemflowError)) return known;
  const [lineno, colno] = unpackPosition(position);
  const place = placeOf(source, lineno, colno);
  const where = `${place.file}:${place.line}`;
  if (macroName !== null) return withLine(known.at(place), `in macro ${macroName} (${where})`);
  return known.place === undefined ? known.at(place) : withLine(known, `called from ${where}`);
}

function withLine(error: ChemflowError, line: string): ChemflowError {
  const lines = error.hint === undefined ? [] : error.hint.split('\n');
  if (lines.length > longestStack && lines.at(-1)?.startsWith('in macro') === true) return error;
  const { code, message, place, cause, exitCode } = error;
  return new ChemflowError({ code, message, place, cause, exitCode, hint: [...lines, line].join('\n') });
}

function rangeError(error: RangeError): ChemflowError {
  const isEndless = error.message.includes('call stack');
  return new ChemflowError({
    code: 'JINJA.TYPE',
    message: isEndless ? 'maximum recursion depth exceeded' : `the value is too large: ${error.message}`,
    hint: isEndless ? 'a macro that calls itself needs a case in which it does not' : undefined,
    cause: error,
  });
}
