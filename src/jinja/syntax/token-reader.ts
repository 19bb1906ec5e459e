import type { Body, Expression } from './ast.js';
import type { Token } from './tokens.js';

/** What the grammar's functions ask of the parser: the next tokens, and bodies up to a tag. */
export interface TokenReader {
  peekToken(): Token;
  nextToken(): Token;
  /** The token after the next one. */
  peekSecond(): Token;
  /** Is the next token this operator or bracket? */
  isOperator(value: string): boolean;
  /** Is the next token a name, or this name? */
  isName(value?: string): boolean;
  /** Reads this operator, where it is next. */
  skipOperator(value: string): boolean;
  /** Reads this word, where it is next. */
  skipName(value: string): boolean;
  /** Reads this operator; JINJA.SYNTAX where something else comes. */
  expectOperator(value: string): Token;
  /** Reads a name; JINJA.SYNTAX where something else comes. */
  expectName(): Token;
  /** Reads the end of a statement's tag (a colon before it is allowed, as in Python). */
  expectBlockEnd(): void;
  /** One expression. */
  parseExpression(): Expression;
  /** One expression, or several with commas between. */
  parseExpressionList(): Expression;
  /** Statements up to one of these tags, whose name is the next token; `opening` is the tag that needs them. */
  parseBody(opening: Token, ...endTags: string[]): Body;
  /** Raises JINJA.SYNTAX at a token. */
  fail(message: string, token: Token, hint?: string): never;
}
