import { didYouMean } from '../../error/index.js';
import type { TemplateSource } from '../template-types.js';
import type { Body, Expression, Statement } from './ast.js';
import { parseExpression, parseExpressionList } from './expressions.js';
import { Lexer } from './lexer.js';
import { nunjucksParser } from './nunjucks.js';
import { statementParsers } from './statements.js';
import { syntaxError } from './syntax-error.js';
import type { TokenReader } from './token-reader.js';
import { describeToken, type Token } from './tokens.js';

type Parse = (source: TemplateSource) => Body;

/** The dialect's parser: nunjucks' token buffer and bodies, with Jinja's lexer, expressions and tags. */
function createParser(): Parse {
  class DialectParser extends nunjucksParser() implements TokenReader {
    readonly #source: TemplateSource;
    readonly #lexer: Lexer;
    /** The tags that are open, the innermost last. */
    readonly #open: { readonly tag: Token; readonly endTags: readonly string[] }[] = [];

    constructor(source: TemplateSource) {
      const lexer = new Lexer(source);
      super(lexer);
      this.#source = source;
      this.#lexer = lexer;
    }

    peekSecond(): Token {
      return this.#lexer.lookAhead(this.peeked === null ? 1 : 0);
    }
    isOperator(value: string): boolean {
      const token = this.peekToken();
      return token.type === 'operator' && token.value === value;
    }
    isName(value?: string): boolean {
      const token = this.peekToken();
      return token.type === 'symbol' && (value === undefined || token.value === value);
    }
    skipOperator(value: string): boolean {
      if (!this.isOperator(value)) return false;
      this.nextToken();
      return true;
    }
    skipName(value: string): boolean {
      if (!this.isName(value)) return false;
      this.nextToken();
      return true;
    }
    expectOperator(value: string): Token {
      const token = this.nextToken();
      if (token.type === 'operator' && token.value === value) return token;
      return this.fail(`expected '${value}', got '${describeToken(token)}'`, token);
    }
    expectName(): Token {
      const token = this.nextToken();
      return token.type === 'symbol' ? token : this.fail(`expected a name, got '${describeToken(token)}'`, token);
    }
    expectBlockEnd(): void {
      this.skipOperator(':');
      const token = this.nextToken();
      if (token.type !== 'block-end') this.fail(`expected the end of this tag, got '${describeToken(token)}'`, token);
    }
    parseExpression(): Expression {
      return parseExpression(this);
    }
    parseExpressionList(): Expression {
      return parseExpressionList(this);
    }
    parseBody(tag: Token, ...endTags: string[]): Body {
      this.#open.push({ tag, endTags });
      const body = this.parseUntilBlocks(...endTags) as Body;
      this.#open.pop();
      if (this.peekToken().type === 'end') {
        this.fail(`this '${tag.value}' is not closed: '{% end${tag.value} %}' is missing`, tag);
      }
      return body;
    }
    fail(message: string, token: Token, hint?: string): never {
      throw syntaxError(this.#source, message, token.lineno, token.colno, hint);
    }

    /** Called by nunjucks for a body and for the whole template. */
    parseNodes(): Statement[] {
      const nodes: Statement[] = [];
      for (;;) {
        const token = this.nextToken();
        const { lineno, colno } = token;
        if (token.type === 'data') nodes.push({ typename: 'Data', lineno, colno, text: token.value });
        else if (token.type === 'variable-start') {
          const value = this.parseExpressionList();
          const end = this.nextToken();
          if (end.type !== 'variable-end') this.fail(`expected '}}', got '${describeToken(end)}'`, end);
          nodes.push({ typename: 'Print', lineno, colno, value });
        } else if (token.type === 'block-start') {
          const statement = this.#parseTag(token);
          if (statement === null) return nodes;
          nodes.push(statement);
        } else return nodes;
      }
    }

    #parseTag(start: Token): Statement | null {
      const tag = this.peekToken();
      if (tag.type !== 'symbol') return this.fail(`expected the name of a tag, got '${describeToken(tag)}'`, tag);
      if (this.breakOnBlocks?.includes(tag.value) === true) return null;
      const parse = statementParsers.get(tag.value);
      if (parse === undefined) return this.#failUnknownTag(tag);
      this.nextToken();
      return parse(this, { ...tag, lineno: start.lineno, colno: start.colno });
    }

    #failUnknownTag(tag: Token): never {
      const open = this.#open.at(-1);
      if (open === undefined)
        return this.fail(`unknown tag '${tag.value}'`, tag, didYouMean(tag.value, statementParsers.keys()));
      const expected = open.endTags.map((name) => `'${name}'`).join(' or ');
      return this.fail(
        `unexpected tag '${tag.value}': the '${open.tag.value}' of line ${(this.#source.line ?? 1) + open.tag.lineno} is open, and ${expected} was expected`,
        tag,
        didYouMean(tag.value, [...open.endTags, ...statementParsers.keys()]),
      );
    }
  }
  return (source) => new DialectParser(source).parseAsRoot() as Body;
}

let parser: Parse | undefined;

/** Parses a template; ChemflowError JINJA.SYNTAX with its place where it is no Jinja. */
export function parse(source: TemplateSource): Body {
  parser ??= createParser();
  return parser(source);
}
