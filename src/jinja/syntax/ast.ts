/** Where a node stands; line and column count from 0. */
export interface At {
  readonly lineno: number;
  readonly colno: number;
}

/** A node's type name is what nunjucks' compiler dispatches on. */
export type Expression = At &
  (
    | { readonly typename: 'Text'; readonly value: string }
    | { readonly typename: 'Integer'; readonly value: string }
    | { readonly typename: 'Decimal'; readonly value: string }
    | { readonly typename: 'Constant'; readonly value: true | false | null }
    | { readonly typename: 'Name'; readonly name: string }
    | { readonly typename: 'Tuple'; readonly items: readonly Expression[] }
    | { readonly typename: 'List'; readonly items: readonly Expression[] }
    | { readonly typename: 'Dict'; readonly pairs: readonly (readonly [Expression, Expression])[] }
    | { readonly typename: 'Attribute'; readonly target: Expression; readonly name: string }
    | { readonly typename: 'Item'; readonly target: Expression; readonly key: Expression }
    | { readonly typename: 'Slice'; readonly target: Expression; readonly bounds: readonly (Expression | null)[] }
    | CallExpression
    | { readonly typename: 'Filter'; readonly target: Expression; readonly name: string; readonly arguments: Arguments }
    | { readonly typename: 'Test'; readonly target: Expression; readonly name: string; readonly arguments: Arguments }
    | { readonly typename: 'Binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
    | { readonly typename: 'Concatenation'; readonly parts: readonly Expression[] }
    | { readonly typename: 'Unary'; readonly operator: '-' | '+' | 'not'; readonly operand: Expression }
    | {
        readonly typename: 'Logical';
        readonly operator: 'and' | 'or';
        readonly left: Expression;
        readonly right: Expression;
      }
    | { readonly typename: 'Comparison'; readonly first: Expression; readonly rest: readonly ComparisonStep[] }
    | {
        readonly typename: 'Conditional';
        readonly condition: Expression;
        readonly then: Expression;
        readonly otherwise: Expression | null;
      }
    /** The text that a `{% filter %}` or `{% set %}` block has captured; only inside their filters. */
    | { readonly typename: 'Captured' }
  );

/** One more operand of a comparison, which may be chained. */
export type ComparisonStep = readonly [operator: string, operand: Expression];

/** A call. */
export interface CallExpression extends At {
  readonly typename: 'Call';
  readonly target: Expression;
  readonly arguments: Arguments;
}

/** What stands between the brackets of a call. */
export interface Arguments {
  readonly positional: readonly Expression[];
  readonly keywords: readonly (readonly [string, Expression])[];
  readonly starred: Expression | null;
  readonly doubleStarred: Expression | null;
}

/** What `set` and `for` can assign to. */
export type Target = At &
  (
    | { readonly typename: 'Name'; readonly name: string }
    | { readonly typename: 'Attribute'; readonly target: Expression; readonly name: string }
    | { readonly typename: 'Tuple'; readonly items: readonly Target[] }
  );

/** A parameter of a macro or of a call block. */
export interface Parameter extends At {
  readonly name: string;
  readonly byDefault: Expression | null;
}

/** What nunjucks makes of a body. */
export interface Body {
  readonly children: readonly Statement[];
}

export type Statement = At &
  (
    | { readonly typename: 'Data'; readonly text: string }
    | { readonly typename: 'Print'; readonly value: Expression }
    | {
        readonly typename: 'IfBlock';
        readonly condition: Expression;
        readonly body: Body;
        readonly otherwise: Body | null;
      }
    | ForStatement
    | { readonly typename: 'Set'; readonly target: Target; readonly value: Expression }
    | { readonly typename: 'SetBlock'; readonly target: Target; readonly body: Body; readonly filters: Expression }
    | { readonly typename: 'Do'; readonly value: Expression }
    | { readonly typename: 'Jump'; readonly keyword: 'break' | 'continue' }
    | {
        readonly typename: 'With';
        readonly assignments: readonly (readonly [Target, Expression])[];
        readonly body: Body;
      }
    | { readonly typename: 'FilterBlock'; readonly body: Body; readonly filters: Expression }
    | {
        readonly typename: 'CallBlock';
        readonly parameters: readonly Parameter[];
        readonly call: CallExpression;
        readonly body: Body;
      }
    | MacroStatement
  );

export interface ForStatement extends At {
  readonly typename: 'Loop';
  readonly target: Target;
  readonly items: Expression;
  readonly condition: Expression | null;
  readonly body: Body;
  readonly otherwise: Body | null;
  readonly isRecursive: boolean;
}

export interface MacroStatement extends At {
  readonly typename: 'MacroBlock';
  /** With dbt's prefix: `test_x`, `materialization_x_default`. */
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: Body;
  readonly supportedLanguages: readonly string[] | null;
}
