import { floatText, PyFloat } from './float.js';
import { HostObject, PyDict, PySet, PyTuple, type PyValue, Undefined } from './value.js';

/** Python's `str()`: what a value is in the rendered text. */
export function toText(value: PyValue): string {
  if (typeof value === 'string') return value;
  if (value instanceof HostObject) return value.toText();
  if (value instanceof Undefined) return '';
  return toRepr(value);
}

/** Python's `repr()`: what a value is inside a printed list or dict. */
export function toRepr(value: PyValue): string {
  if (value === null) return 'None';
  switch (typeof value) {
    case 'string':
      return stringRepr(value);
    case 'boolean':
      return value ? 'True' : 'False';
    case 'number':
      return Number.isInteger(value) ? String(value) : floatText(value);
    case 'bigint':
      return String(value);
    case 'function':
      return `<function ${value.pyName ?? 'anonymous'}>`;
    default:
  }
  if (value instanceof PyFloat) return floatText(value.value);
  if (value instanceof PyTuple) {
    const items = Array.from(value, toRepr);
    return items.length === 1 ? `(${items[0] ?? ''},)` : `(${items.join(', ')})`;
  }
  if (Array.isArray(value)) return `[${value.map(toRepr).join(', ')}]`;
  if (value instanceof PyDict) {
    return `{${Array.from(value, ([key, item]) => `${toRepr(key)}: ${toRepr(item)}`).join(', ')}}`;
  }
  if (value instanceof PySet) return value.size === 0 ? 'set()' : `{${Array.from(value, toRepr).join(', ')}}`;
  if (value instanceof Undefined) return 'Undefined';
  return value.toRepr();
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function stringRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  // eslint-disable-next-line no-control-regex -- control characters are what a repr escapes
  const body = text.replace(/[\\\n\r\t\u0000-\u001f\u007f-\u00a0\u00ad]/g, (character) => {
    return escapes[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return quote + (quote === "'" ? body.replaceAll("'", "\\'") : body) + quote;
}
