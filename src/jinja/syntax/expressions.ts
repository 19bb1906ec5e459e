import type { Arguments, ComparisonStep, Expression } from './ast.js';
import { parsePrimary } from './primary.js';
import type { TokenReader } from './token-reader.js';
import { describeToken } from './tokens.js';

/** An expression, or several with commas between: a tuple without brackets. `withoutIf` leaves a following `if` unread. */
export function parseExpressionList(reader: TokenReader, withoutIf = false): Expression {
  const { lineno, colno } = reader.peekToken();
  const parseItem = withoutIf ? parseOr : parseExpression;
  const first = parseItem(reader);
  if (!reader.isOperator(',')) return first;
  const items = [first];
  while (reader.skipOperator(',')) {
    if (endsList(reader)) break;
    items.push(parseItem(reader));
  }
  return { typename: 'Tuple', lineno, colno, items };
}

function endsList(reader: TokenReader): boolean {
  const { type } = reader.peekToken();
  return type === 'block-end' || type === 'variable-end' || reader.isOperator(')') || reader.isName('recursive');
}

/** One expression: `a if b else c` and all that binds tighter. */
export function parseExpression(reader: TokenReader): Expression {
  let node = parseOr(reader);
  while (reader.isName('if')) {
    const { lineno, colno } = reader.nextToken();
    const condition = parseOr(reader);
    const otherwise = reader.skipName('else') ? parseExpression(reader) : null;
    node = { typename: 'Conditional', lineno, colno, condition, then: node, otherwise };
  }
  return node;
}

function parseOr(reader: TokenReader): Expression {
  let left = parseAnd(reader);
  while (reader.isName('or')) {
    const { lineno, colno } = reader.nextToken();
    left = { typename: 'Logical', lineno, colno, operator: 'or', left, right: parseAnd(reader) };
  }
  return left;
}

function parseAnd(reader: TokenReader): Expression {
  let left = parseNot(reader);
  while (reader.isName('and')) {
    const { lineno, colno } = reader.nextToken();
    left = { typename: 'Logical', lineno, colno, operator: 'and', left, right: parseNot(reader) };
  }
  return left;
}

function parseNot(reader: TokenReader): Expression {
  if (!reader.isName('not')) return parseComparison(reader);
  const { lineno, colno } = reader.nextToken();
  return { typename: 'Unary', lineno, colno, operator: 'not', operand: parseNot(reader) };
}

const comparisonOperators = new Set(['==', '!=', '<', '>', '<=', '>=']);

function parseComparison(reader: TokenReader): Expression {
  const first = parseSum(reader);
  const { lineno, colno } = reader.peekToken();
  const rest: ComparisonStep[] = [];
  for (;;) {
    const token = reader.peekToken();
    if (token.type === 'operator' && comparisonOperators.has(token.value)) {
      reader.nextToken();
      rest.push([token.value, parseSum(reader)]);
    } else if (reader.skipName('in')) rest.push(['in', parseSum(reader)]);
    else if (reader.isName('not') && reader.peekSecond().type === 'symbol' && reader.peekSecond().value === 'in') {
      reader.nextToken();
      reader.nextToken();
      rest.push(['not in', parseSum(reader)]);
    } else break;
  }
  return rest.length === 0 ? first : { typename: 'Comparison', lineno, colno, first, rest };
}

function parseSum(reader: TokenReader): Expression {
  return parseBinary(reader, ['+', '-'], parseConcatenation);
}

function parseConcatenation(reader: TokenReader): Expression {
  const first = parseProduct(reader);
  if (!reader.isOperator('~')) return first;
  const { lineno, colno } = reader.peekToken();
  const parts = [first];
  while (reader.skipOperator('~')) parts.push(parseProduct(reader));
  return { typename: 'Concatenation', lineno, colno, parts };
}

function parseProduct(reader: TokenReader): Expression {
  return parseBinary(reader, ['*', '/', '//', '%'], parsePower);
}

function parsePower(reader: TokenReader): Expression {
  return parseBinary(reader, ['**'], (inner) => parseUnary(inner, true));
}

function parseBinary(
  reader: TokenReader,
  operators: readonly string[],
  parseOperand: (reader: TokenReader) => Expression,
): Expression {
  let left = parseOperand(reader);
  for (;;) {
    const token = reader.peekToken();
    if (token.type !== 'operator' || !operators.includes(token.value)) return left;
    reader.nextToken();
    const { lineno, colno, value: operator } = token;
    left = { typename: 'Binary', lineno, colno, operator, left, right: parseOperand(reader) };
  }
}

/** A signed operand with what is attached to it; a filter belongs to the whole (`-1|abs` is 1). */
export function parseUnary(reader: TokenReader, withFilters: boolean): Expression {
  const token = reader.peekToken();
  let node: Expression;
  if (reader.isOperator('-') || reader.isOperator('+')) {
    reader.nextToken();
    const { lineno, colno } = token;
    const operator = token.value as '-' | '+';
    node = { typename: 'Unary', lineno, colno, operator, operand: parseUnary(reader, false) };
  } else node = parsePrimary(reader);
  node = parsePostfix(reader, node);
  return withFilters ? parseFiltersAndTests(reader, node) : node;
}

/** Attributes, items and calls after a value. */
export function parsePostfix(reader: TokenReader, value: Expression): Expression {
  let node = value;
  for (;;) {
    if (reader.isOperator('.')) node = parseDot(reader, node);
    else if (reader.isOperator('[')) node = parseSubscript(reader, node);
    else if (reader.isOperator('(')) node = parseCall(reader, node);
    else return node;
  }
}

function parseDot(reader: TokenReader, target: Expression): Expression {
  reader.nextToken();
  const token = reader.nextToken();
  const { lineno, colno } = token;
  if (token.type === 'symbol') return { typename: 'Attribute', lineno, colno, target, name: token.value };
  if (token.type === 'int') {
    return { typename: 'Item', lineno, colno, target, key: { typename: 'Integer', lineno, colno, value: token.value } };
  }
  return reader.fail(`expected a name or a number after '.', got '${describeToken(token)}'`, token);
}

function parseSubscript(reader: TokenReader, target: Expression): Expression {
  const { lineno, colno } = reader.nextToken();
  const first = parseBound(reader);
  if (reader.isOperator(':')) {
    const bounds = [first];
    while (bounds.length < 3 && reader.skipOperator(':')) bounds.push(parseBound(reader));
    reader.expectOperator(']');
    return { typename: 'Slice', lineno, colno, target, bounds };
  }
  if (first === null) return reader.fail('expected an index or a slice', reader.peekToken());
  const keys = [first];
  while (reader.skipOperator(',')) {
    if (reader.isOperator(']')) break;
    keys.push(parseExpression(reader));
  }
  const comma = keys.length > 1;
  reader.expectOperator(']');
  return {
    typename: 'Item',
    lineno,
    colno,
    target,
    key: comma ? { typename: 'Tuple', lineno, colno, items: keys } : first,
  };
}

function parseBound(reader: TokenReader): Expression | null {
  return reader.isOperator(':') || reader.isOperator(']') ? null : parseExpression(reader);
}

/** A call of a value. */
export function parseCall(reader: TokenReader, target: Expression): Expression {
  const { lineno, colno } = reader.peekToken();
  return { typename: 'Call', lineno, colno, target, arguments: parseArguments(reader) };
}

/** Arguments in round brackets, the brackets included. */
function parseArguments(reader: TokenReader): Arguments {
  reader.expectOperator('(');
  const positional: Expression[] = [];
  const keywords: [string, Expression][] = [];
  let starred: Expression | null = null;
  let doubleStarred: Expression | null = null;
  while (!reader.isOperator(')')) {
    const token = reader.peekToken();
    if (reader.skipOperator('*')) starred = parseExpression(reader);
    else if (reader.skipOperator('**')) doubleStarred = parseExpression(reader);
    else if (token.type === 'symbol' && reader.peekSecond().type === 'operator' && reader.peekSecond().value === '=') {
      reader.nextToken();
      reader.nextToken();
      keywords.push([token.value, parseExpression(reader)]);
    } else {
      if (keywords.length > 0 || doubleStarred !== null) {
        reader.fail('a positional argument stands after a keyword argument', token);
      }
      positional.push(parseExpression(reader));
    }
    if (!reader.isOperator(')')) reader.expectOperator(',');
  }
  reader.nextToken();
  return { positional, keywords, starred, doubleStarred };
}

const noArguments: Arguments = { positional: [], keywords: [], starred: null, doubleStarred: null };

function parseFiltersAndTests(reader: TokenReader, value: Expression): Expression {
  let node = value;
  for (;;) {
    if (reader.isOperator('|')) node = parseFilter(reader, node);
    else if (reader.isName('is')) node = parseTest(reader, node);
    else if (reader.isOperator('(')) node = parseCall(reader, node);
    else return node;
  }
}

/** `| name(...)` after a value. */
export function parseFilter(reader: TokenReader, target: Expression): Expression {
  reader.expectOperator('|');
  return parseFilterName(reader, target);
}

/** `name(...)` of a filter. */
export function parseFilterName(reader: TokenReader, target: Expression): Expression {
  const { lineno, colno } = reader.peekToken();
  const name = parseDottedName(reader);
  return {
    typename: 'Filter',
    lineno,
    colno,
    target,
    name,
    arguments: reader.isOperator('(') ? parseArguments(reader) : noArguments,
  };
}

const notAnArgument = new Set(['else', 'or', 'and', 'if', 'is', 'in', 'not', 'recursive']);

function parseTest(reader: TokenReader, target: Expression): Expression {
  reader.nextToken();
  const isNegated = reader.skipName('not');
  const { lineno, colno } = reader.peekToken();
  const name = parseDottedName(reader);
  const next = reader.peekToken();
  let args = noArguments;
  if (reader.isOperator('(')) args = parseArguments(reader);
  else if (
    ['string', 'int', 'float'].includes(next.type) ||
    (next.type === 'symbol' && !notAnArgument.has(next.value)) ||
    reader.isOperator('[') ||
    reader.isOperator('{')
  ) {
    args = { ...noArguments, positional: [parsePostfix(reader, parsePrimary(reader))] };
  }
  const test: Expression = { typename: 'Test', lineno, colno, target, name, arguments: args };
  return isNegated ? { typename: 'Unary', lineno, colno, operator: 'not', operand: test } : test;
}

function parseDottedName(reader: TokenReader): string {
  let name = reader.expectName().value;
  while (reader.skipOperator('.')) name += `.${reader.expectName().value}`;
  return name;
}
