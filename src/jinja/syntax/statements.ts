import type { Body, Expression, Statement, Target } from './ast.js';
import { parseExpression, parseExpressionList, parseFilter, parseFilterName } from './expressions.js';
import { parseMacroBlock, parseMaterialization, parseParameters, parseTestBlock } from './macro-statements.js';
import type { TokenReader } from './token-reader.js';
import { describeToken, type Token } from './tokens.js';

/** Parses one tag whose name has been read; the token is placed at the tag's opening. */
export type StatementParser = (reader: TokenReader, tag: Token) => Statement;

/** The tags of the dialect, by name. */
export const statementParsers: ReadonlyMap<string, StatementParser> = new Map<string, StatementParser>([
  ['if', parseIf],
  ['for', parseFor],
  ['set', parseSet],
  ['do', parseDo],
  ['call', parseCallBlock],
  ['filter', parseFilterBlock],
  ['with', parseWith],
  ['break', parseJump],
  ['continue', parseJump],
  ['macro', parseMacroBlock],
  ['test', parseTestBlock],
  ['data_test', parseTestBlock],
  ['materialization', parseMaterialization],
]);

function parseIf(reader: TokenReader, tag: Token): Statement {
  const { lineno, colno } = tag;
  const condition = parseExpressionList(reader, true);
  reader.expectBlockEnd();
  const body = reader.parseBody(tag, 'elif', 'else', 'endif');
  const next = reader.nextToken();
  let otherwise: Body | null = null;
  if (next.value === 'elif') otherwise = { children: [parseIf(reader, { ...next, value: 'if' })] };
  else if (next.value === 'else') {
    reader.expectBlockEnd();
    otherwise = reader.parseBody(tag, 'endif');
    reader.nextToken();
  }
  if (next.value !== 'elif') reader.expectBlockEnd();
  return { typename: 'IfBlock', lineno, colno, condition, body, otherwise };
}

function parseFor(reader: TokenReader, tag: Token): Statement {
  const { lineno, colno } = tag;
  const target = parseTarget(reader);
  if (!reader.skipName('in')) {
    const token = reader.peekToken();
    reader.fail(`expected 'in', got '${describeToken(token)}'`, token);
  }
  const items = parseExpressionList(reader, true);
  const condition = reader.skipName('if') ? parseExpression(reader) : null;
  const isRecursive = reader.skipName('recursive');
  reader.expectBlockEnd();
  const body = reader.parseBody(tag, 'endfor', 'else');
  let otherwise: Body | null = null;
  if (reader.nextToken().value === 'else') {
    reader.expectBlockEnd();
    otherwise = reader.parseBody(tag, 'endfor');
    reader.nextToken();
  }
  reader.expectBlockEnd();
  return { typename: 'Loop', lineno, colno, target, items, condition, body, otherwise, isRecursive };
}

function parseSet(reader: TokenReader, tag: Token): Statement {
  const { lineno, colno } = tag;
  const target = parseTarget(reader);
  if (reader.skipOperator('=')) {
    const value = parseExpressionList(reader);
    reader.expectBlockEnd();
    return { typename: 'Set', lineno, colno, target, value };
  }
  let filters: Expression = { typename: 'Captured', lineno, colno };
  while (reader.isOperator('|')) filters = parseFilter(reader, filters);
  reader.expectBlockEnd();
  const body = parseClosedBody(reader, tag, 'endset');
  return { typename: 'SetBlock', lineno, colno, target, body, filters };
}

function parseDo(reader: TokenReader, { lineno, colno }: Token): Statement {
  const value = parseExpressionList(reader);
  reader.expectBlockEnd();
  return { typename: 'Do', lineno, colno, value };
}

function parseCallBlock(reader: TokenReader, tag: Token): Statement {
  const { lineno, colno } = tag;
  const parameters = reader.isOperator('(') ? parseParameters(reader) : [];
  const start = reader.peekToken();
  const call = parseExpression(reader);
  if (call.typename !== 'Call') return reader.fail('expected a call', start);
  reader.expectBlockEnd();
  const body = parseClosedBody(reader, tag, 'endcall');
  return { typename: 'CallBlock', lineno, colno, parameters, call, body };
}

function parseFilterBlock(reader: TokenReader, tag: Token): Statement {
  const { lineno, colno } = tag;
  let filters = parseFilterName(reader, { typename: 'Captured', lineno, colno });
  while (reader.isOperator('|')) filters = parseFilter(reader, filters);
  reader.expectBlockEnd();
  const body = parseClosedBody(reader, tag, 'endfilter');
  return { typename: 'FilterBlock', lineno, colno, filters, body };
}

function parseWith(reader: TokenReader, tag: Token): Statement {
  const { lineno, colno } = tag;
  const assignments: [Target, Expression][] = [];
  while (reader.peekToken().type !== 'block-end') {
    if (assignments.length > 0) reader.expectOperator(',');
    const target = parseSingleTarget(reader);
    reader.expectOperator('=');
    assignments.push([target, parseExpression(reader)]);
  }
  reader.expectBlockEnd();
  return { typename: 'With', lineno, colno, assignments, body: parseClosedBody(reader, tag, 'endwith') };
}

function parseJump(reader: TokenReader, { lineno, colno, value }: Token): Statement {
  reader.expectBlockEnd();
  return { typename: 'Jump', lineno, colno, keyword: value === 'break' ? 'break' : 'continue' };
}

/** A body up to its end tag, which is read too. */
function parseClosedBody(reader: TokenReader, tag: Token, endTag: string): Body {
  const body = reader.parseBody(tag, endTag);
  reader.nextToken();
  reader.expectBlockEnd();
  return body;
}

/** `a`, `a, b`, `(a, b)`, `a, (b, c)`, `ns.x`. */
function parseTarget(reader: TokenReader): Target {
  const { lineno, colno } = reader.peekToken();
  const first = parseSingleTarget(reader);
  if (!reader.isOperator(',')) return first;
  const items = [first];
  while (reader.skipOperator(',')) {
    if (reader.isName('in') || reader.isOperator(')') || reader.isOperator('=')) break;
    items.push(parseSingleTarget(reader));
  }
  return { typename: 'Tuple', lineno, colno, items };
}

const reserved = new Set(['true', 'false', 'none', 'True', 'False', 'None']);

function parseSingleTarget(reader: TokenReader): Target {
  if (reader.skipOperator('(')) {
    const inner = parseTarget(reader);
    reader.expectOperator(')');
    return inner;
  }
  const token = reader.nextToken();
  const { lineno, colno, value } = token;
  if (token.type !== 'symbol' || reserved.has(value))
    return reader.fail(`can't assign to '${describeToken(token)}'`, token);
  const name: Target & Expression = { typename: 'Name', lineno, colno, name: value };
  if (!reader.skipOperator('.')) return name;
  return { typename: 'Attribute', lineno, colno, target: name, name: reader.expectName().value };
}
