import { PyFloat } from './float.js';
import { fromJson, jsonKey } from './json.js';
import { typeError } from './raise.js';
import { toText } from './text.js';
import { typeName } from './type-name.js';
import { HostObject, PyDict, type PyValue } from './value.js';

/** The text that Python's json.dumps gives: a blank after commas and colons, other letters than ASCII as escapes. */
export function dumpJson(
  value: PyValue,
  options: { readonly sortKeys?: boolean; readonly indent?: number | null } = {},
): string {
  const sortKeys = options.sortKeys ?? false;
  const indent = options.indent ?? null;
  const write = (item: PyValue, depth: number): string => {
    if (item === null || typeof item === 'boolean') return String(item);
    if (typeof item === 'string') return jsonText(item);
    if (typeof item === 'number' || typeof item === 'bigint') return toText(item);
    if (item instanceof PyFloat) return jsonFloat(item.value);
    if (Array.isArray(item)) {
      return wrap(
        '[',
        Array.from(item, (inner) => write(inner, depth + 1)),
        ']',
        depth,
      );
    }
    if (item instanceof PyDict) {
      const entries = Array.from(item, ([key, inner]) => [jsonKey(key), inner] as const);
      if (sortKeys) entries.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
      return wrap(
        '{',
        entries.map(([key, inner]) => `${jsonText(key)}: ${write(inner, depth + 1)}`),
        '}',
        depth,
      );
    }
    if (item instanceof HostObject && item.toJsonValue !== undefined) return write(fromJson(item.toJsonValue()), depth);
    throw typeError(`Object of type ${typeName(item)} is not JSON serializable`);
  };
  const wrap = (open: string, parts: readonly string[], close: string, depth: number): string => {
    if (indent === null || parts.length === 0) return open + parts.join(', ') + close;
    const inner = `\n${' '.repeat(indent * (depth + 1))}`;
    return `${open}${inner}${parts.join(`,${inner}`)}\n${' '.repeat(indent * depth)}${close}`;
  };
  return write(value, 0);
}

function jsonText(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

function jsonFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return toText(new PyFloat(value));
}
