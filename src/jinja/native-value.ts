import { ChemflowError } from '../error/index.js';
import { NativeMarker } from './filters/native-marker.js';
import { placeOf } from './place.js';
import { parseLiteral } from './python-literal.js';
import type { TemplateSource } from './template-types.js';
import { isNumeric } from './values/numbers.js';
import { orElse } from './values/or-else.js';
import { toText } from './values/text.js';
import type { PyValue } from './values/value.js';

/**
 * The value of a YAML text, by dbt's rules: one expression keeps its value, `as_native` and its like read its text as a Python
 * literal, anything else is a text. JINJA.TYPE where `as_bool` or `as_number` finds none.
 */
export function nativeValue(parts: readonly PyValue[], source: TemplateSource): PyValue {
  const [only] = parts;
  if (only === undefined) return '';
  if (parts.length > 1) return parts.map(toText).join('');
  if (!(only instanceof NativeMarker)) return only;
  if (only.kind === 'text') return only.text;
  const value = orElse(parseLiteral(only.text), only.text);
  const isWrong =
    (only.kind === 'bool' && typeof value !== 'boolean') ||
    (only.kind === 'number' && (!isNumeric(value) || typeof value === 'boolean'));
  if (!isWrong) return value;
  throw new ChemflowError({
    code: 'JINJA.TYPE',
    message: `could not convert value '${only.text}' into type '${only.kind}'`,
    place: placeOf(source, 0, 0),
  });
}
