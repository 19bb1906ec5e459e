import type { TemplateSource } from '../template-types.js';
import { readStringLiteral } from './string-literal.js';
import { syntaxError } from './syntax-error.js';
import type { Token, TokenType } from './tokens.js';

const opening = /\{%[-+]?\s*raw\s*-?%\}|\{#|\{%|\{\{/g;
const endRaw = /\{%([-+]?)\s*endraw\s*([-+]?)%\}/g;
const space = /\s*/y;
const number = /(?:\d+_)*\d+(\.(?:\d+_)*\d+)?(?:[eE][-+]?\d+)?/y;
const digits = /\d+/y;
const name = /[\p{L}_\p{Nl}][\p{L}\p{N}_\p{M}]*/uy;
const operator = /\/\/|\*\*|==|!=|>=|<=|[-+/*%~[\](){}><=.:|,;]/y;
const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Jinja's lexer: cuts a template into data and tokens, with whitespace control, comments and raw blocks already applied. */
export class Lexer {
  readonly #source: TemplateSource;
  readonly #text: string;
  readonly #tokens: Token[] = [];
  #next = 0;
  #line = 0;
  #lineStart = 0;
  #counted = 0;

  constructor(source: TemplateSource) {
    this.#source = source;
    // Jinja drops one newline at the end of a template (keep_trailing_newline is off).
    this.#text = source.text.replace(/\r?\n$/, '');
    this.#lex();
  }

  nextToken(): Token {
    const token = this.#tokens[this.#next] ?? this.#end();
    this.#next += 1;
    return token;
  }

  /** The token after the one that was read `distance` ago; 0 is the next unread. */
  lookAhead(distance: number): Token {
    return this.#tokens[this.#next + distance] ?? this.#end();
  }

  #lex(): void {
    const text = this.#text;
    let position = 0;
    let trimLeft = false;
    for (;;) {
      opening.lastIndex = position;
      const match = opening.exec(text);
      if (match === null) break;
      const mark = match[0];
      const start = match.index;
      this.#data(position, start, trimLeft, (mark.length > 2 ? mark[2] : text[start + 2]) === '-');
      if (mark === '{#') {
        const end = text.indexOf('#}', start + 2);
        if (end === -1) this.#fail('missing end of comment tag', start);
        trimLeft = text[end - 1] === '-' && end - 1 > start + 1;
        position = end + 2;
      } else if (mark.length > 2) {
        endRaw.lastIndex = start + mark.length;
        const end = endRaw.exec(text);
        if (end === null) this.#fail('missing end of raw directive', start);
        this.#data(start + mark.length, end.index, mark.endsWith('-%}'), end[1] === '-');
        trimLeft = end[2] === '-';
        position = end.index + end[0].length;
      } else {
        [position, trimLeft] = this.#tag(start, mark === '{%');
      }
    }
    this.#data(position, text.length, trimLeft, false);
  }

  #data(start: number, end: number, trimLeft: boolean, trimRight: boolean): void {
    let value = this.#text.slice(start, end);
    let from = start;
    if (trimLeft) {
      const trimmed = value.trimStart();
      from += value.length - trimmed.length;
      value = trimmed;
    }
    if (trimRight) value = value.trimEnd();
    if (value.includes('\r')) value = value.replace(/\r\n?/g, '\n');
    if (value !== '') this.#push('data', value, from);
  }

  /** Lexes one tag; returns where it ends and whether the data after it loses its leading whitespace. */
  #tag(start: number, isBlock: boolean): [position: number, trimLeft: boolean] {
    const text = this.#text;
    const end = isBlock ? '%}' : '}}';
    this.#push(isBlock ? 'block-start' : 'variable-start', isBlock ? '{%' : '{{', start);
    let at = start + 2;
    if (text[at] === '-' || text[at] === '+') at += 1;
    const brackets: string[] = [];
    for (;;) {
      space.lastIndex = at;
      space.test(text);
      at = space.lastIndex;
      if (at >= text.length) this.#fail(`this tag is not closed: '${end}' is missing`, start);
      if (brackets.length === 0) {
        const signed = text[at] === '-' || text[at] === '+';
        if (text.startsWith(end, signed ? at + 1 : at)) {
          this.#push(isBlock ? 'block-end' : 'variable-end', end, at);
          return [at + (signed ? 3 : 2), signed && text[at] === '-'];
        }
      }
      at = this.#token(at, brackets, start);
    }
  }

  #token(at: number, brackets: string[], tagStart: number): number {
    const text = this.#text;
    const character = text[at] ?? '';
    if (character === '"' || character === "'") {
      const literal = readStringLiteral(text, at);
      if (literal === undefined) this.#fail('this string is not closed', at);
      this.#push('string', literal.value, at);
      return literal.end;
    }
    if (character >= '0' && character <= '9') {
      const previous = this.#tokens.at(-1);
      // `x.0.1` is two items, not the number 0.1.
      const pattern = previous?.type === 'operator' && previous.value === '.' ? digits : number;
      const word = take(pattern, text, at);
      this.#push(/[.eE]/.test(word) ? 'float' : 'int', word.replaceAll('_', ''), at);
      return at + word.length;
    }
    const word = take(name, text, at);
    if (word !== '') {
      this.#push('symbol', word, at);
      return at + word.length;
    }
    const sign = take(operator, text, at);
    if (sign === '') this.#fail(`unexpected character ${JSON.stringify(character)} in this tag`, at);
    const closer = closers[sign];
    if (closer !== undefined) brackets.push(closer);
    else if (sign === ')' || sign === ']' || sign === '}') {
      const expected = brackets.pop();
      if (expected === undefined) this.#fail(`unexpected '${sign}'`, at, text.startsWith('{{', tagStart) ? '}}' : '%}');
      if (expected !== sign) this.#fail(`unexpected '${sign}', expected '${expected}'`, at);
    }
    this.#push('operator', sign, at);
    return at + sign.length;
  }

  #push(type: TokenType, value: string, at: number): void {
    this.#count(at);
    this.#tokens.push({ type, value, lineno: this.#line, colno: at - this.#lineStart });
  }

  #count(at: number): void {
    for (;;) {
      const newline = this.#text.indexOf('\n', this.#counted);
      if (newline === -1 || newline >= at) break;
      this.#line += 1;
      this.#lineStart = newline + 1;
      this.#counted = newline + 1;
    }
  }

  #end(): Token {
    const last = this.#tokens.at(-1);
    return { type: 'end', value: '', lineno: last?.lineno ?? 0, colno: last?.colno ?? 0 };
  }

  #fail(message: string, at: number, closing?: string): never {
    this.#count(at);
    const hint = closing === undefined ? undefined : `a tag that begins here must end with '${closing}'`;
    throw syntaxError(this.#source, message, this.#line, at - this.#lineStart, hint);
  }
}

function take(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}
