import { formatPlace, type ChemflowError } from '../error/index.js';

/** A warning's sentence with its place and hint, as one text. */
export function warningText(error: ChemflowError): string {
  const parts = [`${error.code}: ${error.message}`];
  if (error.place !== undefined) parts.push(formatPlace(error.place));
  if (error.hint !== undefined) parts.push(`  hint: ${error.hint}`);
  return parts.join('\n');
}
