import { capitalize } from '../methods/text-case.js';
import { center, replaceText, strip } from '../methods/text-methods.js';
import { formatPercent } from '../values/format-percent.js';
import { isFloat, isInteger, toNumber } from '../values/numbers.js';
import { isTrue } from '../values/truth.js';
import { toRepr, toText } from '../values/text.js';
import { HostObject, PyDict, type PyValue, tuple } from '../values/value.js';
import { filter, type Filter } from './filter.js';

const count = (value: PyValue | undefined, otherwise: number): number =>
  value === undefined || value === null
    ? otherwise
    : isInteger(value) || isFloat(value)
      ? toNumber(value as number)
      : otherwise;

/** Escapes what HTML reads. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('>', '&gt;')
    .replaceAll('<', '&lt;')
    .replaceAll("'", '&#39;')
    .replaceAll('"', '&#34;');
}

function indent(value: PyValue, [width, first, blank]: readonly (PyValue | undefined)[]): string {
  const prefix = typeof width === 'string' ? width : ' '.repeat(count(width, 4));
  const lines = `${toText(value)}\n`.split('\n').slice(0, -1);
  const all = lines.map((line, index) => {
    if (index === 0 && !isTrue(first ?? false)) return line;
    return line !== '' || isTrue(blank ?? false) ? prefix + line : line;
  });
  return all.join('\n');
}

function truncate(value: PyValue, [length, killWords, end, leeway]: readonly (PyValue | undefined)[]): string {
  const text = toText(value);
  const limit = count(length, 255);
  const mark = end === undefined ? '...' : toText(end);
  if (text.length <= limit + count(leeway, 5)) return text;
  const cut = text.slice(0, limit - mark.length);
  if (isTrue(killWords ?? false)) return cut + mark;
  const space = cut.lastIndexOf(' ');
  return (space === -1 ? cut : cut.slice(0, space)) + mark;
}

function wordWrap(value: PyValue, [width, breakLong, by]: readonly (PyValue | undefined)[]): string {
  const limit = count(width, 79);
  const separator = by === undefined || by === null ? '\n' : toText(by);
  return toText(value)
    .split('\n')
    .map((line) => {
      const lines: string[] = [];
      let current = '';
      for (const word of line.split(/\s+/).filter((part) => part !== '')) {
        let rest = word;
        if (current !== '' && current.length + 1 + rest.length <= limit) {
          current += ` ${rest}`;
          continue;
        }
        if (current !== '') lines.push(current);
        while (isTrue(breakLong ?? true) && rest.length > limit) {
          lines.push(rest.slice(0, limit));
          rest = rest.slice(limit);
        }
        current = rest;
      }
      return [...lines, current].join(separator);
    })
    .join(separator);
}

function urlEncode(value: PyValue): string {
  const quote = (part: PyValue, safe: boolean): string => {
    const encoded = encodeURIComponent(toText(part)).replace(/[!'()*]/g, (character) => {
      return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
    });
    return safe ? encoded.replaceAll('%2F', '/') : encoded.replaceAll('%20', '+');
  };
  if (value instanceof PyDict)
    return Array.from(value, ([key, item]) => `${quote(key, false)}=${quote(item, false)}`).join('&');
  return quote(value, true);
}

/** Filters that make a text of a text. */
export const textFilters: readonly (readonly [string, Filter])[] = [
  filter('string', [], toText),
  filter('upper', [], (value) => toText(value).toUpperCase()),
  filter('lower', [], (value) => toText(value).toLowerCase()),
  filter('title', [], (value) =>
    toText(value)
      .split(/([-\s({[<]+)/)
      .map((part, index) => (index % 2 === 0 ? capitalize(part) : part))
      .join(''),
  ),
  filter('capitalize', [], (value) => capitalize(toText(value))),
  filter('trim', ['chars'], (value, [characters]) =>
    strip(toText(value), characters === undefined || characters === null ? null : toText(characters), true, true),
  ),
  filter(
    'replace',
    ['old', 'new', 'count'],
    (value, [from, to, limit]) =>
      replaceText(toText(value), toText(from ?? null), toText(to ?? null), count(limit, -1)),
    2,
  ),
  filter('indent', ['width', 'first', 'blank'], indent),
  filter('center', ['width'], (value, [width]) => center(toText(value), count(width, 80), ' ')),
  filter('truncate', ['length', 'killwords', 'end', 'leeway'], truncate),
  filter('wordwrap', ['width', 'break_long_words', 'wrapstring', 'break_on_hyphens'], wordWrap),
  filter('wordcount', [], (value) => toText(value).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0),
  filter('striptags', [], (value) =>
    toText(value)
      .replace(/<!--[^]*?-->|<[^>]*>/g, '')
      .replace(/\s+/g, ' ')
      .trim(),
  ),
  filter('urlencode', [], urlEncode),
  filter('pprint', [], toRepr),
  filter('safe', [], (value) => value),
  ...['escape', 'e', 'forceescape'].map((name) => filter(name, [], (value) => escapeHtml(toText(value)))),
  [
    'format',
    (_context, value, args, keywords) =>
      formatPercent(toText(value), keywords.size > 0 ? new PyDict(keywords) : tuple(args)),
  ],
  filter('filesizeformat', ['binary'], (value, [binary]) => {
    const size = value instanceof HostObject ? Number(value.toText()) : Number(toText(value));
    const unit = isTrue(binary ?? false) ? 1024 : 1000;
    const names = isTrue(binary ?? false) ? ['KiB', 'MiB', 'GiB', 'TiB'] : ['kB', 'MB', 'GB', 'TB'];
    if (size === 1) return '1 Byte';
    if (size < unit) return `${size} Bytes`;
    const step = Math.min(names.length, Math.floor(Math.log(size) / Math.log(unit)));
    return `${(size / unit ** step).toFixed(1)} ${names[step - 1] ?? ''}`;
  }),
];
