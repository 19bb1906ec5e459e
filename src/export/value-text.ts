import { parseArrayText, type ArrayElement } from '../util/array-text.js';
import { isoTime } from '../util/civil-time.js';
import type { DatasetColumn, ElementKind } from './types.js';
import { valueError } from './value-error.js';

/** PostgreSQL's text of a value as a text format writes it: times in ISO 8601, bytes in hexadecimal digits, booleans as words; numbers keep every digit. */
export function plainText(value: string, kind: ElementKind): string {
  switch (kind.kind) {
    case 'boolean':
      return value === 't' || value === 'true' ? 'true' : 'false';
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return isoTime(value);
    case 'bytes':
      return value.replace(/^\\x/, '');
    case 'json':
      // A line break in JSON stands between its parts only.
      return value.replaceAll(/[\r\n]/g, ' ');
    default:
      return value;
  }
}

/** A value as JSON: numbers with all their digits, NaN and infinity as texts (JSON has no number for them), json as it is. */
export function jsonText(value: string, column: DatasetColumn): string {
  return column.kind.kind === 'list'
    ? jsonArray(readArray(value, column), column.kind.element)
    : jsonScalar(value, column.kind);
}

function jsonArray(elements: readonly ArrayElement[], kind: ElementKind): string {
  const parts = elements.map((element) =>
    element === null ? 'null' : typeof element === 'string' ? jsonScalar(element, kind) : jsonArray(element, kind),
  );
  return `[${parts.join(',')}]`;
}

function jsonScalar(value: string, kind: ElementKind): string {
  switch (kind.kind) {
    case 'boolean':
    case 'json':
      return plainText(value, kind);
    case 'int16':
    case 'int32':
    case 'int64':
      return value;
    case 'float32':
    case 'float64':
    case 'decimal':
    case 'digits':
      return /^-?\d/.test(value) ? value : JSON.stringify(value);
    default:
      return JSON.stringify(plainText(value, kind));
  }
}

/** The elements of an array value. */
export function readArray(value: string, column: DatasetColumn): readonly ArrayElement[] {
  try {
    return parseArrayText(value);
  } catch (error) {
    throw valueError(column, 'holds an array that could not be read', undefined, error);
  }
}
