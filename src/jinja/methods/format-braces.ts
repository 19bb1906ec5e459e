import { typeError } from '../values/raise.js';
import { toRepr, toText } from '../values/text.js';
import { HostObject, type Keywords, type PyValue } from '../values/value.js';
import { findAttributeOrItem } from './field-lookup.js';
import { formatSpec } from './format-spec.js';

/** `'{} {name!r:>10}'.format(...)`; raises JINJA.TYPE for a field that was not given. */
export function formatBraces(format: string, args: readonly PyValue[], keywords: Keywords): string {
  let automatic = 0;
  const expand = (text: string, depth: number): string => {
    let out = '';
    for (let at = 0; at < text.length;) {
      const character = text[at] ?? '';
      if (character !== '{' && character !== '}') {
        out += character;
        at += 1;
        continue;
      }
      if (text[at + 1] === character && depth === 0) {
        out += character;
        at += 2;
        continue;
      }
      if (character === '}') throw typeError("Single '}' encountered in format string");
      const end = closingBrace(text, at);
      out += field(text.slice(at + 1, end), depth);
      at = end + 1;
    }
    return out;
  };
  const field = (text: string, depth: number): string => {
    const [, name = '', conversion, spec = ''] = /^([^!:]*)(?:!([rsa]))?(?::([^]*))?$/.exec(text) ?? [];
    const value = lookup(name);
    const rendered = expand(spec, depth + 1);
    if (conversion !== undefined) return formatSpec(conversion === 's' ? toText(value) : toRepr(value), rendered);
    return rendered === '' ? toText(value) : formatSpec(value, rendered);
  };
  const lookup = (path: string): PyValue => {
    const [, head = '', rest = ''] = /^([^.[]*)([^]*)$/.exec(path) ?? [];
    let value: PyValue | undefined;
    if (head === '' || /^\d+$/.test(head)) {
      const index = head === '' ? automatic : Number(head);
      if (head === '') automatic += 1;
      value = args[index];
      if (value === undefined) {
        throw typeError(`Replacement index ${index} out of range for positional args tuple`);
      }
    } else {
      value = keywords.get(head);
      if (value === undefined) throw typeError(`KeyError: ${toRepr(head)}`);
    }
    for (const [, attribute, item] of rest.matchAll(/\.([^.[]+)|\[([^\]]*)\]/g)) {
      value = findAttributeOrItem(value, attribute, item);
    }
    return value;
  };
  return expand(format, 0);
}

function closingBrace(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    else if (text[at] === '}') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  throw typeError("expected '}' before end of string");
}

/** Python's `format(value, spec)`. */
export function formatValue(value: PyValue, spec: string): string {
  if (value instanceof HostObject && spec === '') return value.toText();
  return formatSpec(value, spec);
}
