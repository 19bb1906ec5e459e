import { fromJson, HostObject, PyDict, PyFloat, toJson, toText, type PyValue } from '../jinja/index.js';

function quote(text: string): string {
  // Python escapes everything beyond ASCII.
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** A value as Python's `json.dumps` writes it: a blank after each comma and colon, only ASCII, `5.0` for a float. */
export function dumpJson(value: PyValue, sortKeys: boolean): string {
  if (typeof value === 'string') return quote(value);
  if (value instanceof PyFloat) return toText(value);
  if (Array.isArray(value)) return `[${value.map((item) => dumpJson(item, sortKeys)).join(', ')}]`;
  if (value instanceof PyDict) {
    const entries = Array.from(
      value,
      ([key, item]) => [typeof key === 'string' ? key : JSON.stringify(toJson(key)), item] as const,
    );
    if (sortKeys) entries.sort(([left], [right]) => (left < right ? -1 : 1));
    return `{${entries.map(([key, item]) => `${quote(key)}: ${dumpJson(item, sortKeys)}`).join(', ')}}`;
  }
  if (value instanceof HostObject && value.toJsonValue !== undefined)
    return dumpJson(fromJson(value.toJsonValue()), sortKeys);
  return JSON.stringify(toJson(value));
}
