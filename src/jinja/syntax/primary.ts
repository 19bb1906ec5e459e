import type { Expression } from './ast.js';
import type { TokenReader } from './token-reader.js';
import { describeToken, type Token } from './tokens.js';

const constants: Readonly<Record<string, true | false | null>> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
};

/** A literal, a name, or something in brackets. */
export function parsePrimary(reader: TokenReader): Expression {
  const token = reader.nextToken();
  const { lineno, colno, value } = token;
  switch (token.type) {
    case 'string': {
      let text = value;
      while (reader.peekToken().type === 'string') text += reader.nextToken().value;
      return { typename: 'Text', lineno, colno, value: text };
    }
    case 'int':
      return { typename: 'Integer', lineno, colno, value };
    case 'float':
      return { typename: 'Decimal', lineno, colno, value };
    case 'symbol': {
      const constant = Object.hasOwn(constants, value) ? constants[value] : undefined;
      if (constant !== undefined) return { typename: 'Constant', lineno, colno, value: constant };
      return { typename: 'Name', lineno, colno, name: value };
    }
    case 'operator':
      if (value === '(') return parseBrackets(reader, token);
      if (value === '[')
        return { typename: 'List', lineno, colno, items: parseItems(reader, ']', () => reader.parseExpression()) };
      if (value === '{') return { typename: 'Dict', lineno, colno, pairs: parseItems(reader, '}', parsePair) };
      break;
    default:
  }
  return reader.fail(`expected an expression, got '${describeToken(token)}'`, token);
}

function parseBrackets(reader: TokenReader, { lineno, colno }: Token): Expression {
  if (reader.skipOperator(')')) return { typename: 'Tuple', lineno, colno, items: [] };
  const inner = reader.parseExpressionList();
  reader.expectOperator(')');
  return inner;
}

function parsePair(reader: TokenReader): readonly [Expression, Expression] {
  const key = reader.parseExpression();
  reader.expectOperator(':');
  return [key, reader.parseExpression()];
}

function parseItems<T>(reader: TokenReader, close: string, parseItem: (reader: TokenReader) => T): T[] {
  const items: T[] = [];
  while (!reader.skipOperator(close)) {
    if (items.length > 0) {
      reader.expectOperator(',');
      if (reader.skipOperator(close)) break;
    }
    items.push(parseItem(reader));
  }
  return items;
}
