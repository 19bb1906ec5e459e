import { ChemflowError } from '../../error/index.js';
import type { TemplateSource } from '../template-types.js';
import { placeOf } from '../place.js';

/** A JINJA.SYNTAX error at a line and column (from 0) of the template. */
export function syntaxError(
  source: TemplateSource,
  message: string,
  lineno: number,
  colno: number,
  hint?: string,
): ChemflowError {
  return new ChemflowError({ code: 'JINJA.SYNTAX', message, hint, place: placeOf(source, lineno, colno) });
}
