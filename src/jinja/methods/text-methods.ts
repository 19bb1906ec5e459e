import { charactersOf, iterate } from '../values/iterate.js';
import { typeError } from '../values/raise.js';
import { typeName } from '../values/type-name.js';
import { type PyValue, tuple, Undefined } from '../values/value.js';
import { formatBraces } from './format-braces.js';
import { integerArgument, method, textArgument, type Method } from './method.js';
import { caseMethods } from './text-case.js';

/** Removes characters (white space unless told) from the ends of a text. */
export function strip(text: string, characters: string | null, left: boolean, right: boolean): string {
  if (characters === null) {
    const trimmed = left ? text.trimStart() : text;
    return right ? trimmed.trimEnd() : trimmed;
  }
  const units = Array.from(text);
  const set = new Set(Array.from(characters));
  let start = 0;
  let end = units.length;
  if (left) while (start < end && set.has(units[start] ?? '')) start += 1;
  if (right) while (end > start && set.has(units[end - 1] ?? '')) end -= 1;
  return units.slice(start, end).join('');
}

/** Replaces the first `count` occurrences; all where it is negative. */
export function replaceText(text: string, from: string, to: string, count = -1): string {
  if (count < 0) return text.replaceAll(from, () => to);
  let result = text;
  let at = 0;
  for (let left = count; left > 0; left -= 1) {
    const found = result.indexOf(from, at);
    if (found === -1) break;
    result = result.slice(0, found) + to + result.slice(found + from.length);
    at = found + to.length + (from === '' ? 1 : 0);
  }
  return result;
}

function splitText(text: string, separator: string | null, limit: number, fromRight: boolean): string[] {
  if (separator === null) return splitBlanks(text, limit, fromRight);
  if (separator === '') throw typeError('empty separator');
  const parts = text.split(separator);
  if (limit < 0 || parts.length <= limit + 1) return parts;
  return fromRight
    ? [parts.slice(0, parts.length - limit).join(separator), ...parts.slice(parts.length - limit)]
    : [...parts.slice(0, limit), parts.slice(limit).join(separator)];
}

function splitBlanks(text: string, limit: number, fromRight: boolean): string[] {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  if (limit < 0) return trimmed.split(/\s+/);
  const parts: string[] = [];
  let rest = fromRight ? text.trimEnd() : text.trimStart();
  const pattern = fromRight ? /^([^]*\s)?(\S+)$/ : /^(\S+)(\s[^]*)?$/;
  while (parts.length < limit && rest !== '') {
    const match = pattern.exec(rest);
    if (match === null) break;
    if (fromRight) {
      parts.unshift(match[2] ?? '');
      rest = (match[1] ?? '').trimEnd();
    } else {
      parts.push(match[1] ?? '');
      rest = (match[2] ?? '').trimStart();
    }
  }
  if (rest !== '') {
    if (fromRight) parts.unshift(rest);
    else parts.push(rest);
  }
  return parts;
}

function affix(name: string, test: (text: string, affix: string) => boolean): Method<string> {
  return method(name, ['affix', 'start', 'end'], 1, (self: string, wanted, start, end) => {
    const text = self.slice(integerArgument(start, 0), integerArgument(end, self.length));
    if (Array.isArray(wanted)) return wanted.some((item) => test(text, textArgument(item, name)));
    return test(text, textArgument(wanted, name));
  });
}

function search(name: string, find: (text: string, wanted: string) => number, isStrict: boolean): Method<string> {
  return method(name, ['sub', 'start', 'end'], 1, (self: string, wanted, start, end) => {
    const from = integerArgument(start, 0);
    const at = find(self.slice(from, integerArgument(end, self.length)), textArgument(wanted, name));
    if (at === -1 && isStrict) throw typeError('substring not found');
    return at === -1 ? -1 : at + (from < 0 ? Math.max(0, self.length + from) : from);
  });
}

function stripper(name: string, left: boolean, right: boolean): Method<string> {
  return method(name, ['chars'], 0, (self: string, characters) => {
    const chosen = characters === undefined || characters === null ? null : textArgument(characters, name);
    return strip(self, chosen, left, right);
  });
}

function splitter(name: string, fromRight: boolean): Method<string> {
  return method(name, ['sep', 'maxsplit'], 0, (self: string, separator, limit) => {
    const by = separator === undefined || separator === null ? null : textArgument(separator, name);
    return splitText(self, by, integerArgument(limit, -1), fromRight);
  });
}

function justifier(name: string, justify: (text: string, width: number, fill: string) => string): Method<string> {
  return method(name, ['width', 'fillchar'], 1, (self: string, width, fill) => {
    return justify(self, integerArgument(width, 0), fill === undefined ? ' ' : textArgument(fill, name));
  });
}

/** Centres as Python does: the odd blank goes to the left of an even width's text. */
export function center(text: string, width: number, fill: string): string {
  const missing = Math.max(0, width - text.length);
  const left = Math.floor(missing / 2) + (missing & width & 1);
  return fill.repeat(left) + text + fill.repeat(missing - left);
}

function joinTexts(separator: string, items: PyValue): string {
  return Array.from(iterate(items), (item, index) => {
    if (typeof item === 'string') return item;
    if (item instanceof Undefined) return item.raise();
    throw typeError(`sequence item ${index}: expected str instance, ${typeName(item)} found`);
  }).join(separator);
}

function lines(text: string, keepEnds: boolean): string[] {
  const found = text.match(/[^\r\n\v\f\u0085\u2028\u2029]*(\r\n|[\r\n\v\f\u0085\u2028\u2029]|$)/g) ?? [];
  const whole = found.at(-1) === '' ? found.slice(0, -1) : found;
  return keepEnds ? whole : whole.map((line) => line.replace(/(\r\n|[\r\n\v\f\u0085\u2028\u2029])$/, ''));
}

/** The methods of str. */
export const textMethods: ReadonlyMap<string, Method<string>> = new Map<string, Method<string>>([
  ...caseMethods,
  ['strip', stripper('strip', true, true)],
  ['lstrip', stripper('lstrip', true, false)],
  ['rstrip', stripper('rstrip', false, true)],
  ['split', splitter('split', false)],
  ['rsplit', splitter('rsplit', true)],
  ['splitlines', method('splitlines', ['keepends'], 0, (self: string, keepEnds) => lines(self, keepEnds === true))],
  ['startswith', affix('startswith', (text, wanted) => text.startsWith(wanted))],
  ['endswith', affix('endswith', (text, wanted) => text.endsWith(wanted))],
  ['find', search('find', (text, wanted) => text.indexOf(wanted), false)],
  ['rfind', search('rfind', (text, wanted) => text.lastIndexOf(wanted), false)],
  ['index', search('index', (text, wanted) => text.indexOf(wanted), true)],
  ['rindex', search('rindex', (text, wanted) => text.lastIndexOf(wanted), true)],
  [
    'count',
    method('count', ['sub', 'start', 'end'], 1, (self: string, wanted, start, end) => {
      const text = self.slice(integerArgument(start, 0), integerArgument(end, self.length));
      const sub = textArgument(wanted, 'count');
      return sub === '' ? charactersOf(text).length + 1 : text.split(sub).length - 1;
    }),
  ],
  [
    'replace',
    method('replace', ['old', 'new', 'count'], 2, (self: string, from, to, count) =>
      replaceText(self, textArgument(from, 'replace'), textArgument(to, 'replace'), integerArgument(count, -1)),
    ),
  ],
  ['join', method('join', ['iterable'], 1, (self: string, items) => joinTexts(self, items ?? null))],
  ['format', (self, args, keywords) => formatBraces(self, args, keywords)],
  ['ljust', justifier('ljust', (text, width, fill) => text.padEnd(width, fill))],
  ['rjust', justifier('rjust', (text, width, fill) => text.padStart(width, fill))],
  ['center', justifier('center', center)],
  [
    'zfill',
    method('zfill', ['width'], 1, (self: string, width) => {
      const sign = /^[-+]/.exec(self)?.[0] ?? '';
      return sign + self.slice(sign.length).padStart(integerArgument(width, 0) - sign.length, '0');
    }),
  ],
  [
    'partition',
    method('partition', ['sep'], 1, (self: string, separator) => {
      const by = textArgument(separator, 'partition');
      const at = self.indexOf(by);
      return tuple(at === -1 ? [self, '', ''] : [self.slice(0, at), by, self.slice(at + by.length)]);
    }),
  ],
  [
    'rpartition',
    method('rpartition', ['sep'], 1, (self: string, separator) => {
      const by = textArgument(separator, 'rpartition');
      const at = self.lastIndexOf(by);
      return tuple(at === -1 ? ['', '', self] : [self.slice(0, at), by, self.slice(at + by.length)]);
    }),
  ],
  [
    'removeprefix',
    method('removeprefix', ['prefix'], 1, (self: string, prefix) => {
      const wanted = textArgument(prefix, 'removeprefix');
      return self.startsWith(wanted) ? self.slice(wanted.length) : self;
    }),
  ],
  [
    'removesuffix',
    method('removesuffix', ['suffix'], 1, (self: string, suffix) => {
      const wanted = textArgument(suffix, 'removesuffix');
      return wanted !== '' && self.endsWith(wanted) ? self.slice(0, -wanted.length) : self;
    }),
  ],
  [
    'expandtabs',
    method('expandtabs', ['tabsize'], 0, (self: string, size) =>
      self.replaceAll('\t', ' '.repeat(integerArgument(size, 8))),
    ),
  ],
  ['encode', method('encode', ['encoding', 'errors'], 0, (self: string) => self)],
]);
