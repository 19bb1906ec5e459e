import { packPosition } from '../place.js';
import type { Arguments, At, CallExpression, Expression } from '../syntax/ast.js';

/** What expressions ask of the compiler. */
export interface ExpressionContext {
  /** Code for a name; `path` is the dotted name that it is the beginning of. */
  name(name: string, path: string): string;
  /** A new temporary variable of the function that is being compiled. */
  temporary(): string;
  /** Code for the text that the enclosing block has captured. */
  readonly captured: string;
  /** Notes `adapter.dispatch('x', 'y')`. */
  noteDispatch(name: string, macroNamespace: string | null): void;
  /** Checks that there is a filter or a test of this name. */
  checkFilter(name: string, at: At): void;
  checkTest(name: string, at: At): void;
}

const operators: Readonly<Record<string, string>> = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '//': 'floorDivide',
  '%': 'modulo',
  '**': 'power',
  '==': 'equal',
  '!=': 'notEqual',
  '<': 'less',
  '<=': 'lessOrEqual',
  '>': 'greater',
  '>=': 'greaterOrEqual',
  in: 'isIn',
  'not in': 'isNotIn',
};

const quote = JSON.stringify;

/** The last argument of a call in compiled code: it is evaluated after the others, and so says where the call stands when it fails. */
function position({ lineno, colno }: At): string {
  return `at=${packPosition(lineno, colno)}`;
}

/** JavaScript that evaluates an expression; P are the operations of values, R is the runtime of the template. */
export function expressionCode(node: Expression, context: ExpressionContext): string {
  const code = (inner: Expression): string => expressionCode(inner, context);
  switch (node.typename) {
    case 'Text':
      return quote(node.value);
    case 'Integer':
      return Number.isSafeInteger(Number(node.value)) ? String(Number(node.value)) : `${BigInt(node.value)}n`;
    case 'Decimal':
      return `new P.Float(${Number(node.value)})`;
    case 'Constant':
      return String(node.value);
    case 'Captured':
      return context.captured;
    case 'Name':
      return context.name(node.name, node.name);
    case 'Tuple':
      return `P.tuple([${node.items.map(code).join(',')}])`;
    case 'List':
      return `[${node.items.map(code).join(',')}]`;
    case 'Dict':
      return `new P.Dict([${node.pairs.map(([key, value]) => `[${code(key)},${code(value)}]`).join(',')}])`;
    case 'Attribute':
      return `R.attribute(${attributeTargetCode(node, context)},${quote(node.name)},${position(node)})`;
    case 'Item':
      return `R.item(${code(node.target)},${code(node.key)},${position(node)})`;
    case 'Slice': {
      const [start, stop, step] = node.bounds.map((bound) => (bound === null ? 'null' : code(bound)));
      return `P.slice(${code(node.target)},${start ?? 'null'},${stop ?? 'null'},${step ?? 'null'},${position(node)})`;
    }
    case 'Call':
      return callCode(node, context);
    case 'Filter':
      context.checkFilter(node.name, node);
      return `R.filter(${quote(node.name)},${code(node.target)},${argumentsCode(node.arguments, context)},${position(node)})`;
    case 'Binary':
      return `P.${operators[node.operator] ?? ''}(${code(node.left)},${code(node.right)},${position(node)})`;
    case 'Concatenation':
      return `P.concatenate(${node.parts.map(code).join(',')})`;
    case 'Unary':
      if (node.operator === 'not') return conditionCode(node, context);
      return `P.${node.operator === '-' ? 'negate' : 'positive'}(${code(node.operand)},${position(node)})`;
    case 'Logical': {
      const left = context.temporary();
      const test = `P.isTrue(${left}=${code(node.left)})`;
      return node.operator === 'or' ? `(${test}?${left}:${code(node.right)})` : `(${test}?${code(node.right)}:${left})`;
    }
    case 'Conditional': {
      const otherwise = node.otherwise === null ? 'R.withoutElse()' : code(node.otherwise);
      return `(${conditionCode(node.condition, context)}?${code(node.then)}:${otherwise})`;
    }
    default:
      return conditionCode(node, context);
  }
}

/** JavaScript that is true or false as the expression is in Python. */
export function conditionCode(node: Expression, context: ExpressionContext): string {
  switch (node.typename) {
    case 'Constant':
      return String(node.value === true);
    case 'Unary':
      if (node.operator === 'not') return `!${conditionCode(node.operand, context)}`;
      break;
    case 'Logical': {
      const operator = node.operator === 'and' ? '&&' : '||';
      return `(${conditionCode(node.left, context)}${operator}${conditionCode(node.right, context)})`;
    }
    case 'Comparison': {
      let left = expressionCode(node.first, context);
      const steps = node.rest.map(([operator, operand], index) => {
        const isLast = index === node.rest.length - 1;
        const right = expressionCode(operand, context);
        const kept = isLast ? '' : context.temporary();
        const step = `P.${operators[operator] ?? ''}(${left},${isLast ? right : `${kept}=${right}`},${position(node)})`;
        left = kept;
        return step;
      });
      return steps.length === 1 ? (steps[0] ?? '') : `(${steps.join('&&')})`;
    }
    case 'Test': {
      context.checkTest(node.name, node);
      const target = expressionCode(node.target, context);
      return `R.test(${quote(node.name)},${target},${argumentsCode(node.arguments, context)},${position(node)})`;
    }
    default:
  }
  return `P.isTrue(${expressionCode(node, context)})`;
}

/** The two arguments of a call in compiled code: an array and a Map. */
export function argumentsCode(args: Arguments, context: ExpressionContext, caller?: string): string {
  const positional = args.positional.map((argument) => expressionCode(argument, context));
  if (args.starred !== null) positional.push(`...P.iterate(${expressionCode(args.starred, context)})`);
  const keywords = args.keywords.map(([key, value]) => `[${quote(key)},${expressionCode(value, context)}]`);
  if (caller !== undefined) keywords.push(`["caller",${caller}]`);
  const list = `[${positional.join(',')}]`;
  if (args.doubleStarred !== null) {
    return `${list},P.keywords([${keywords.join(',')}],${expressionCode(args.doubleStarred, context)})`;
  }
  return keywords.length === 0 ? `${list},P.noKeywords` : `${list},new Map([${keywords.join(',')}])`;
}

/** JavaScript that calls; `caller` is code of the call block's body. */
export function callCode(node: CallExpression, context: ExpressionContext, caller?: string): string {
  const { target } = node;
  if (target.typename === 'Attribute') {
    noteDispatch(node, context);
    const object = attributeTargetCode(target, context);
    const args = argumentsCode(node.arguments, context, caller);
    return `R.method(${object},${quote(target.name)},${args},${position(target)})`;
  }
  const callee = expressionCode(target, context);
  const name = target.typename === 'Name' ? target.name : 'value';
  const where = target.typename === 'Name' ? target : node;
  return `R.call(${callee},${quote(name)},${argumentsCode(node.arguments, context, caller)},${position(where)})`;
}

/** Code of what an attribute is taken from, with the whole dotted path noted where it begins with a name. */
function attributeTargetCode(node: Expression & { typename: 'Attribute' }, context: ExpressionContext): string {
  const path: { readonly name: string; readonly at: At }[] = [];
  let target: Expression = node.target;
  while (target.typename === 'Attribute') {
    path.unshift({ name: target.name, at: target });
    target = target.target;
  }
  let code: string;
  if (target.typename === 'Name') {
    code = context.name(target.name, [target.name, ...path.map((step) => step.name), node.name].join('.'));
  } else code = expressionCode(target, context);
  for (const step of path) code = `R.attribute(${code},${quote(step.name)},${position(step.at)})`;
  return code;
}

function noteDispatch(node: CallExpression, context: ExpressionContext): void {
  const { target } = node;
  if (target.typename !== 'Attribute' || target.name !== 'dispatch') return;
  if (target.target.typename !== 'Name' || target.target.name !== 'adapter') return;
  const keyword = (name: string): Expression | undefined => node.arguments.keywords.find(([key]) => key === name)?.[1];
  const macroName = node.arguments.positional[0] ?? keyword('macro_name');
  const macroNamespace = node.arguments.positional[1] ?? keyword('macro_namespace');
  if (macroName?.typename !== 'Text') return;
  context.noteDispatch(macroName.value, macroNamespace?.typename === 'Text' ? macroNamespace.value : null);
}
