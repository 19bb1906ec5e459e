import { ChemflowError } from '../../error/index.js';

/** An error of the template's author in Python's words; the runtime gives it the place of the innermost tag. */
export function typeError(message: string): ChemflowError {
  return new ChemflowError({ code: 'JINJA.TYPE', message });
}

/** A name, attribute or argument that is not there. */
export function undefinedError(message: string): ChemflowError {
  return new ChemflowError({ code: 'JINJA.UNDEFINED', message });
}
