import { orElse } from '../values/or-else.js';
import { typeError } from '../values/raise.js';
import { toRepr, toText } from '../values/text.js';
import { HostObject, noKeywords, type PyCallable, PyDict, type PyValue, tuple } from '../values/value.js';
import { bindMethod, boundMethod, moduleFunction, type BoundMethod } from './bound-methods.js';
import { PythonClass } from './python-class.js';
import { expandReplacement, flagValues, translatePattern } from './re-pattern.js';

/** A match of a regular expression. */
class Match extends HostObject {
  constructor(
    readonly found: RegExpExecArray,
    readonly pattern: Pattern,
  ) {
    super();
  }
  override get pyType(): string {
    return 're.Match';
  }
  getAttribute(name: string): PyValue | undefined {
    if (name === 'string') return this.found.input;
    if (name === 're') return this.pattern;
    if (name === 'lastindex') return this.found.length > 1 ? this.found.length - 1 : null;
    const method = matchMethods.get(name);
    return method === undefined ? undefined : bindMethod(name, method, this);
  }
  override getItem(key: PyValue): PyValue | undefined {
    return this.group(key);
  }
  override isTruthy(): boolean {
    return true;
  }
  group(key: PyValue): PyValue {
    if (typeof key === 'string') {
      if (!Object.hasOwn(this.found.groups ?? {}, key)) throw typeError('IndexError: no such group');
      return this.found.groups?.[key] ?? null;
    }
    const index = Number(key);
    if (index < 0 || index >= this.found.length) throw typeError('IndexError: no such group');
    return this.found[index] ?? null;
  }
  span(key: PyValue): readonly [number, number] {
    const range = typeof key === 'string' ? this.found.indices?.groups?.[key] : this.found.indices?.[Number(key)];
    return range ?? [-1, -1];
  }
  toText(): string {
    return `<re.Match object; span=${toRepr(tuple(this.span(0)))}, match=${toRepr(this.found[0])}>`;
  }
}

const matchMethods = new Map<string, BoundMethod<Match>>([
  [
    'group',
    boundMethod(['group1?', 'group2?', 'group3?', 'group4?', 'group5?'], (self, ...keys) => {
      const given = keys.filter((key): key is PyValue => key !== undefined);
      if (given.length > 1) return tuple(given.map((key) => self.group(key)));
      return self.group(orElse(given[0], 0));
    }),
  ],
  [
    'groups',
    boundMethod(['default?'], (self, fallback) =>
      tuple(self.found.slice(1).map((text) => (text === undefined ? (fallback ?? null) : text))),
    ),
  ],
  [
    'groupdict',
    boundMethod(['default?'], (self, fallback) => {
      return new PyDict(
        Object.entries(self.found.groups ?? {}).map(
          ([name, text]) => [name, (text as string | undefined) ?? fallback ?? null] as const,
        ),
      );
    }),
  ],
  ['start', boundMethod(['group?'], (self, key) => self.span(orElse(key, 0))[0])],
  ['end', boundMethod(['group?'], (self, key) => self.span(orElse(key, 0))[1])],
  ['span', boundMethod(['group?'], (self, key) => tuple(self.span(orElse(key, 0))))],
  ['expand', boundMethod(['template'], (self, template) => expandReplacement(toText(template ?? null), self.found))],
]);

/** A compiled regular expression. */
class Pattern extends HostObject {
  readonly #expression: RegExp;

  constructor(
    readonly source: string,
    readonly flags: number,
  ) {
    super();
    this.#expression = translatePattern(source, flags);
  }
  override get pyType(): string {
    return 're.Pattern';
  }
  getAttribute(name: string): PyValue | undefined {
    if (name === 'pattern') return this.source;
    if (name === 'flags') return this.flags;
    const method = patternMethods.get(name);
    return method === undefined ? undefined : bindMethod(name, method, this);
  }
  /** The matches from the left; a match of nothing moves one on. */
  *matches(text: string): IterableIterator<Match> {
    const expression = new RegExp(this.#expression);
    for (let found = expression.exec(text); found !== null; found = expression.exec(text)) {
      if (found[0] === '') expression.lastIndex += 1;
      yield new Match(found, this);
    }
  }
  /** The match at the beginning, which goes to the end where it is to be full. */
  matchAtStart(text: string, isFull: boolean): PyValue {
    const { source, flags } = this.#expression;
    const expression = new RegExp(isFull ? `(?:${source})(?![^])` : source, `${flags.replace('g', '')}y`);
    const found = expression.exec(text);
    return found === null ? null : new Match(found, this);
  }
  toText(): string {
    return `re.compile(${toRepr(this.source)})`;
  }
}

/** What findall and split take of a match: the groups, else the whole. */
function captured(match: Match): PyValue {
  const groups = match.found.slice(1).map((text) => (text as string | undefined) ?? '');
  return groups.length === 0 ? match.found[0] : groups.length === 1 ? (groups[0] ?? '') : tuple(groups);
}

function substitute(self: Pattern, replacement: PyValue, text: string, count: number): [string, number] {
  let out = '';
  let at = 0;
  let made = 0;
  for (const match of self.matches(text)) {
    if (count > 0 && made >= count) break;
    const filled =
      typeof replacement === 'function'
        ? toText(replacement([match], noKeywords))
        : expandReplacement(toText(replacement), match.found);
    out += text.slice(at, match.found.index) + filled;
    at = match.found.index + match.found[0].length;
    made += 1;
  }
  return [out + text.slice(at), made];
}

function split(self: Pattern, text: string, limit: number): PyValue[] {
  const parts: PyValue[] = [];
  let at = 0;
  for (const match of self.matches(text)) {
    if (limit > 0 && parts.length >= limit * match.found.length) break;
    parts.push(
      text.slice(at, match.found.index),
      ...match.found.slice(1).map((group) => (group as string | undefined) ?? null),
    );
    at = match.found.index + match.found[0].length;
  }
  return [...parts, text.slice(at)];
}

const subject = (value: PyValue | undefined): string => {
  if (typeof value === 'string') return value;
  throw typeError('expected string or bytes-like object');
};

const patternMethods = new Map<string, BoundMethod<Pattern>>([
  ['match', boundMethod(['string'], (self, text) => self.matchAtStart(subject(text), false))],
  ['fullmatch', boundMethod(['string'], (self, text) => self.matchAtStart(subject(text), true))],
  [
    'search',
    boundMethod(['string'], (self, text) => {
      for (const match of self.matches(subject(text))) return match;
      return null;
    }),
  ],
  ['findall', boundMethod(['string'], (self, text) => Array.from(self.matches(subject(text)), captured))],
  ['finditer', boundMethod(['string'], (self, text) => [...self.matches(subject(text))])],
  [
    'split',
    boundMethod(['string', 'maxsplit?'], (self, text, limit) => split(self, subject(text), Number(limit ?? 0))),
  ],
  [
    'sub',
    boundMethod(
      ['repl', 'string', 'count?'],
      (self, by, text, count) => substitute(self, by ?? null, subject(text), Number(count ?? 0))[0],
    ),
  ],
  [
    'subn',
    boundMethod(['repl', 'string', 'count?'], (self, by, text, count) =>
      tuple(substitute(self, by ?? null, subject(text), Number(count ?? 0))),
    ),
  ],
]);

function compile(pattern: PyValue | undefined, flags: PyValue | undefined): Pattern {
  return pattern instanceof Pattern ? pattern : new Pattern(subject(pattern), Number(flags ?? 0));
}

/** `re.search(pattern, string, flags)` and its like: the method of the compiled pattern. */
function shortcut(name: string, method: BoundMethod<Pattern>): PyCallable {
  const parameters = method.parameters.map((parameter, index) =>
    index < method.required ? parameter : `${parameter}?`,
  );
  return moduleFunction(name, ['pattern', ...parameters, 'flags?'], (pattern, ...values) => {
    return method.run(compile(pattern, values[parameters.length]), ...values.slice(0, parameters.length));
  });
}

/** Python's module re. */
export const reModule = new PythonClass('re', [
  ...Array.from(patternMethods, ([name, method]) => [name, shortcut(name, method)] as const),
  ['compile', moduleFunction('compile', ['pattern', 'flags?'], compile)],
  [
    'escape',
    moduleFunction('escape', ['pattern'], (text) => subject(text).replace(/[-.*+?^${}()|[\]\\#&~\s]/g, '\\$&')),
  ],
  ...Object.entries(flagValues),
  ['I', flagValues.IGNORECASE],
  ['M', flagValues.MULTILINE],
  ['S', flagValues.DOTALL],
  ['X', flagValues.VERBOSE],
]);
