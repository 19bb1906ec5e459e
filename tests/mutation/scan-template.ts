/** A piece of a template's SQL. Jinja expressions are pieces of their own, Jinja statements and comments are none. */
export interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'quoted' | 'operator' | 'mark' | 'jinja';
  /** As written; words in lower case. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Parentheses that are open around it, and `case ... end`, which is a bracket too. */
  readonly depth: number;
}

/** A Jinja statement, which SQL is not, though it may have numbers. */
export interface Statement {
  readonly text: string;
  readonly start: number;
}

const operatorCharacters = /[<>=~!@#%^&|*/+-]/;

function endOf(text: string, closing: string, from: number): number {
  const at = text.indexOf(closing, from);
  return at === -1 ? text.length : at + closing.length;
}

/** The end of a Jinja expression or statement: texts in it may hold braces of their own. */
function endOfJinja(text: string, closing: string, from: number): number {
  let at = from;
  while (at < text.length && !text.startsWith(closing, at)) {
    const quote = text.charAt(at);
    at = quote === "'" || quote === '"' ? endOf(text, quote, at + 1) : at + 1;
  }
  return Math.min(at + closing.length, text.length);
}

function endOfString(text: string, quote: string, from: number): number {
  let at = from + 1;
  for (;;) {
    at = text.indexOf(quote, at);
    if (at === -1) return text.length;
    if (text.charAt(at + 1) !== quote) return at + 1;
    at += 2;
  }
}

/** Reads the SQL of a template: what is in comments and Jinja statements is left out. */
export function scanTemplate(text: string): {
  readonly tokens: readonly Token[];
  readonly statements: readonly Statement[];
} {
  const tokens: Token[] = [];
  const statements: Statement[] = [];
  let depth = 0;
  let at = 0;
  const push = (kind: Token['kind'], end: number): void => {
    const raw = text.slice(at, end);
    tokens.push({ kind, text: kind === 'word' ? raw.toLowerCase() : raw, start: at, end, depth });
    at = end;
  };
  while (at < text.length) {
    const character = text.charAt(at);
    if (text.startsWith('{#', at)) at = endOf(text, '#}', at);
    else if (text.startsWith('{%', at)) {
      const end = endOfJinja(text, '%}', at);
      statements.push({ text: text.slice(at, end), start: at });
      at = end;
    } else if (text.startsWith('{{', at)) push('jinja', endOfJinja(text, '}}', at));
    else if (text.startsWith('--', at)) at = endOf(text, '\n', at);
    else if (text.startsWith('/*', at)) at = endOf(text, '*/', at);
    else if (/\s/.test(character)) at += 1;
    else if (character === "'") push('string', endOfString(text, "'", at));
    else if (character === '"') push('quoted', endOfString(text, '"', at));
    else if (/[0-9]/.test(character))
      push('number', at + (/^[0-9]+(?:\.[0-9]+)?/.exec(text.slice(at))?.[0].length ?? 1));
    else if (/[A-Za-z_]/.test(character)) {
      const word = /^\w+/.exec(text.slice(at))?.[0] ?? character;
      if (word.toLowerCase() === 'end') depth -= 1;
      push('word', at + word.length);
      if (word.toLowerCase() === 'case') depth += 1;
    } else if (character === '(' || character === '[') {
      push('mark', at + 1);
      depth += 1;
    } else if (character === ')' || character === ']') {
      depth -= 1;
      push('mark', at + 1);
    } else if (operatorCharacters.test(character)) {
      push('operator', at + (/^(?:[<>=~!@#%^&|]+|[*/+-]>*)/.exec(text.slice(at))?.[0].length ?? 1));
    } else push('mark', at + 1);
  }
  return { tokens, statements };
}
