/** Kinds of token; nunjucks' parser asks for 'data', 'block-start' and 'symbol' by these names. */
export type TokenType =
  | 'data'
  | 'block-start'
  | 'block-end'
  | 'variable-start'
  | 'variable-end'
  | 'operator'
  | 'string'
  | 'int'
  | 'float'
  | 'symbol'
  | 'end';

/** A token; line and column count from 0, as nunjucks has them. */
export interface Token {
  readonly type: TokenType;
  readonly value: string;
  readonly lineno: number;
  readonly colno: number;
}

/** A token as Jinja's error messages name it. */
export function describeToken(token: Token): string {
  switch (token.type) {
    case 'block-end':
      return 'end of statement block';
    case 'variable-end':
      return 'end of print statement';
    case 'end':
      return 'end of template';
    case 'data':
      return 'template data';
    default:
      return token.value;
  }
}
