import { readStringLiteral } from './syntax/string-literal.js';
import { PyFloat } from './values/float.js';
import { integer } from './values/numbers.js';
import { negate } from './values/operators.js';
import { PyDict, PySet, type PyValue, tuple } from './values/value.js';

const number = /(?:0[xX][0-9a-fA-F]+|(?:\d+(?:_\d+)*)?\.?\d+(?:_\d+)*\.?(?:[eE][-+]?\d+)?)/y;
const word = /True|False|None/y;
const constants: Readonly<Record<string, PyValue>> = { True: true, False: false, None: null };

/** Reads a text as Python's ast.literal_eval does; undefined where it is no literal. */
export function parseLiteral(text: string): PyValue | undefined {
  const reader = new LiteralReader(text.trim());
  try {
    return reader.whole();
  } catch (error) {
    if (error instanceof NoLiteral) return undefined;
    throw error;
  }
}

class NoLiteral extends Error {}

class LiteralReader {
  #at = 0;
  constructor(readonly text: string) {}

  whole(): PyValue {
    const value = this.#list(undefined);
    if (this.#at !== this.text.length || value === undefined) throw new NoLiteral();
    return value;
  }

  /** One value, or a tuple where commas follow. */
  #list(close: string | undefined): PyValue | undefined {
    if (close !== undefined && this.#skip(close)) return tuple([]);
    const first = this.#value();
    if (!this.#peek(',')) {
      if (close !== undefined) this.#expect(close);
      return first;
    }
    const items = [first];
    while (this.#skip(',')) {
      if (this.#done(close)) break;
      items.push(this.#value());
    }
    if (close !== undefined) this.#expect(close);
    return tuple(items);
  }

  #value(): PyValue {
    this.#space();
    const character = this.text[this.#at] ?? '';
    if (character === '"' || character === "'") return this.#string();
    if (this.#skip('(')) return this.#list(')') ?? null;
    if (this.#skip('[')) return this.#items(']', () => this.#value());
    if (this.#skip('{')) return this.#braces();
    if (this.#skip('-')) return negate(this.#number());
    if (this.#skip('+')) return this.#number();
    word.lastIndex = this.#at;
    const constant = word.exec(this.text)?.[0];
    if (constant !== undefined) {
      this.#at += constant.length;
      return constants[constant] ?? null;
    }
    return this.#number();
  }

  #string(): string {
    let value = '';
    for (let count = 0; ; count += 1) {
      this.#space();
      const character = this.text[this.#at] ?? '';
      if (character !== '"' && character !== "'") {
        if (count === 0) throw new NoLiteral();
        return value;
      }
      const literal = readStringLiteral(this.text, this.#at);
      if (literal === undefined) throw new NoLiteral();
      value += literal.value;
      this.#at = literal.end;
    }
  }

  #number(): PyValue {
    this.#space();
    number.lastIndex = this.#at;
    const match = number.exec(this.text)?.[0];
    if (match === undefined) throw new NoLiteral();
    const digits = match.replaceAll('_', '');
    if (/^0\d/.test(digits) && !/[.eE]/.test(digits) && Number(digits) !== 0) throw new NoLiteral();
    this.#at += match.length;
    if (/^0x/i.test(digits) || /^\d+$/.test(digits)) return integer(BigInt(digits));
    if (Number.isNaN(Number(digits))) throw new NoLiteral();
    return new PyFloat(Number(digits));
  }

  #braces(): PyValue {
    if (this.#skip('}')) return new PyDict();
    const first = this.#value();
    if (!this.#skip(':')) {
      const rest = this.#skip(',') ? this.#items('}', () => this.#value()) : (this.#expect('}'), []);
      return new PySet([first, ...rest]);
    }
    const entry: [PyValue, PyValue] = [first, this.#value()];
    const rest = this.#skip(',')
      ? this.#items('}', (): [PyValue, PyValue] => {
          const key = this.#value();
          this.#expect(':');
          return [key, this.#value()];
        })
      : (this.#expect('}'), []);
    return new PyDict([entry, ...rest]);
  }

  #items<T>(close: string, read: () => T): T[] {
    const items: T[] = [];
    while (!this.#skip(close)) {
      if (items.length > 0) {
        this.#expect(',');
        if (this.#skip(close)) break;
      }
      items.push(read());
    }
    return items;
  }

  #done(close: string | undefined): boolean {
    return close === undefined ? this.#space() === this.text.length : this.#peek(close);
  }
  #peek(character: string): boolean {
    this.#space();
    return this.text[this.#at] === character;
  }
  #skip(character: string): boolean {
    if (!this.#peek(character)) return false;
    this.#at += 1;
    return true;
  }
  #expect(character: string): void {
    if (!this.#skip(character)) throw new NoLiteral();
  }
  #space(): number {
    while (/\s/.test(this.text[this.#at] ?? '')) this.#at += 1;
    return this.#at;
  }
}
