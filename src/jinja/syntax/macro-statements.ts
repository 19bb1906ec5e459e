import type { Expression, Parameter, Statement } from './ast.js';
import { parseExpression } from './expressions.js';
import type { TokenReader } from './token-reader.js';
import type { Token } from './tokens.js';

/** `{% macro name(parameters) %}`. */
export function parseMacroBlock(reader: TokenReader, tag: Token): Statement {
  return parseNamedBlock(reader, tag, '', ['endmacro']);
}

/** `{% test name(parameters) %}` and `{% data_test %}`: a macro whose name has the prefix `test_`. */
export function parseTestBlock(reader: TokenReader, tag: Token): Statement {
  return parseNamedBlock(reader, tag, 'test_', ['endtest', 'enddata_test']);
}

function parseNamedBlock(reader: TokenReader, tag: Token, prefix: string, endTags: string[]): Statement {
  const name = reader.expectName().value;
  const parameters = parseParameters(reader);
  return finish(reader, tag, endTags, { name: prefix + name, parameters, supportedLanguages: null });
}

/** `{% materialization name, default %}` and `{% materialization name, adapter='x', supported_languages=[...] %}`. */
export function parseMaterialization(reader: TokenReader, tag: Token): Statement {
  const name = reader.expectName().value;
  let adapter = 'default';
  let supportedLanguages: readonly string[] = ['sql'];
  while (reader.skipOperator(',') || reader.isName()) {
    const option = reader.expectName();
    if (!reader.skipOperator('=')) {
      adapter = option.value;
      continue;
    }
    const value = parseExpression(reader);
    if (option.value === 'adapter' && value.typename === 'Text') adapter = value.value;
    else if (option.value === 'supported_languages' && value.typename === 'List') {
      supportedLanguages = value.items.flatMap((item) => (item.typename === 'Text' ? [item.value] : []));
    } else reader.fail(`unknown option '${option.value}' of a materialization, or not a constant`, option);
  }
  return finish(reader, tag, ['endmaterialization'], {
    name: `materialization_${name}_${adapter}`,
    parameters: [],
    supportedLanguages,
  });
}

function finish(
  reader: TokenReader,
  tag: Token,
  endTags: string[],
  head: { name: string; parameters: readonly Parameter[]; supportedLanguages: readonly string[] | null },
): Statement {
  reader.expectBlockEnd();
  const body = reader.parseBody(tag, ...endTags);
  reader.nextToken();
  reader.expectBlockEnd();
  return { typename: 'MacroBlock', lineno: tag.lineno, colno: tag.colno, body, ...head };
}

/** `(a, b=1, c: relation)`: names with defaults; types are read and forgotten. */
export function parseParameters(reader: TokenReader): Parameter[] {
  reader.expectOperator('(');
  const parameters: Parameter[] = [];
  while (!reader.skipOperator(')')) {
    if (parameters.length > 0) {
      reader.expectOperator(',');
      if (reader.skipOperator(')')) break;
    }
    const token = reader.expectName();
    if (reader.skipOperator(':')) skipType(reader);
    let byDefault: Expression | null = null;
    if (reader.skipOperator('=')) byDefault = parseExpression(reader);
    else if ((parameters.at(-1)?.byDefault ?? null) !== null) {
      reader.fail(`parameter '${token.value}' without a default stands after one with a default`, token);
    }
    parameters.push({ name: token.value, lineno: token.lineno, colno: token.colno, byDefault });
  }
  return parameters;
}

function skipType(reader: TokenReader): void {
  reader.expectName();
  if (!reader.skipOperator('[')) return;
  do skipType(reader);
  while (reader.skipOperator(','));
  reader.expectOperator(']');
}
