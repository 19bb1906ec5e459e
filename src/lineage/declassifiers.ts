import {
  catalogName,
  isTree,
  listOf,
  stringsOf,
  unwrap,
  type ParseSql,
  type SqlNode,
  type SqlTree,
} from './parse-sql.js';

/** An expression that takes kinds of personal data out of what goes into it. */
export interface Declassifier {
  readonly name: string;
  /** Its SQL as a tree, with parameters (`$1`) for what goes into it. */
  readonly pattern: SqlNode;
}

/** What an expression gave to a declassifier's parameters, and what else decides its value (FILTER, OVER). */
export interface DeclassifierMatch {
  readonly arguments: readonly unknown[];
  readonly besides: readonly unknown[];
}

/** Fields that say where something stands or how it was spelt. */
const spelling = new Set(['location', 'list_start', 'list_end', 'rexpr_list_start', 'rexpr_list_end', 'funcformat']);
/** Parts of a call that do not change what is computed of its arguments. */
const callClauses = ['agg_filter', 'over', 'agg_order'] as const;

/** Parses a declassifier; returns what is wrong with its expression instead where it is none. */
export function readDeclassifier(parse: ParseSql, name: string, expression: string): Declassifier | string {
  let statements: readonly SqlNode[];
  try {
    statements = parse(`select ${expression}`);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const [select] = statements;
  const targets = select === undefined ? [] : listOf(select.tree, 'targetList');
  const target = unwrap(targets[0]);
  const fields = select === undefined ? [] : Object.keys(select.tree);
  const isExpression =
    statements.length === 1 &&
    targets.length === 1 &&
    target?.tree['name'] === undefined &&
    fields.every((field) => ['targetList', 'limitOption', 'op'].includes(field));
  const pattern = unwrap(target?.tree['val']);
  if (!isExpression || pattern === undefined) return 'it is not one expression';
  const kinds = kindsIn(pattern);
  if (!kinds.has('ParamRef')) return 'it has no $1 for what goes into it';
  if (kinds.has('ColumnRef') || kinds.has('SubLink')) return 'it reads columns or tables of its own';
  const changes = [...kinds].filter(
    (kind) => !['ParamRef', 'TypeCast', 'CollateClause', 'String', 'List'].includes(kind),
  );
  if (changes.length === 0) return 'it gives back what goes into it';
  return { name, pattern };
}

function kindsIn(node: unknown): Set<string> {
  const found = new Set<string>();
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    if (!isTree(value)) return;
    for (const [field, inner] of Object.entries(value)) {
      if (/^[A-Z]/.test(field)) found.add(field);
      if (field !== 'typeName') walk(inner);
    }
  };
  const { kind, tree } = node as SqlNode;
  walk({ [kind]: tree });
  return found;
}

/** Matches an expression's tree with a declassifier's, parameter by parameter; undefined where it is another expression. */
export function matchDeclassifier(declassifier: Declassifier, node: SqlNode): DeclassifierMatch | undefined {
  const { pattern } = declassifier;
  if (pattern.kind !== node.kind) return undefined;
  const besides: unknown[] = [];
  let { tree } = node;
  if (node.kind === 'FuncCall') {
    for (const clause of callClauses) {
      if (pattern.tree[clause] !== undefined || tree[clause] === undefined || tree['agg_within_group'] === true)
        continue;
      besides.push({ [clause]: tree[clause] });
      const { [clause]: _removed, ...rest } = tree;
      tree = rest;
    }
  }
  const bound = new Map<number, unknown>();
  if (!matches(pattern.tree, tree, bound)) return undefined;
  return { arguments: [...bound.values()], besides };
}

function matches(pattern: unknown, value: unknown, bound: Map<number, unknown> | undefined): boolean {
  if (Array.isArray(pattern))
    return (
      Array.isArray(value) &&
      pattern.length === value.length &&
      pattern.every((one, index) => matches(one, value[index], bound))
    );
  if (!isTree(pattern)) return pattern === value;
  if (!isTree(value)) return false;
  const parameter = unwrap(pattern);
  if (bound !== undefined && parameter?.kind === 'ParamRef') {
    if (unwrap(value) === undefined) return false;
    const number = Number(parameter.tree['number'] ?? 0);
    const before = bound.get(number);
    if (before !== undefined) return matches(before, value, undefined);
    bound.set(number, value);
    return true;
  }
  const fieldsOf = (tree: SqlTree): string[] => Object.keys(tree).filter((field) => !spelling.has(field));
  const fields = fieldsOf(pattern);
  if (fields.length !== fieldsOf(value).length) return false;
  return fields.every((field) =>
    field === 'funcname' || field === 'names'
      ? catalogName(stringsOf(pattern, field)) === catalogName(stringsOf(value, field))
      : matches(pattern[field], value[field], bound),
  );
}
