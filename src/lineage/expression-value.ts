import { matchDeclassifier } from './declassifiers.js';
import { chosen, declassified, noOrigins, originsOf, transformed, union, type Origins } from './origins.js';
import {
  catalogName,
  isTree,
  listOf,
  partOf,
  stringOf,
  stringsOf,
  textOf,
  unwrap,
  type SqlNode,
  type SqlTree,
} from './parse-sql.js';
import { pureFunctions } from './pure-functions.js';
import type { Analysis, QueryOutput, Scope } from './query-types.js';
import { expandStar, findColumn, resolveColumn, wholeRow, type Value } from './resolve-column.js';

/** The relation that stands for the server's settings, with chemflow's secret ones in it. */
export const settingsRelation = 'settings';

const nothing: Value = { origins: noOrigins };
const unread = { isDirect: false, isWhole: false, declassifiers: [] };

/** Kinds of nodes that give one of the values in them, or another way to write it, with the fields where these stand; all else in them only decides. */
const choices: Readonly<Record<string, readonly string[]>> = {
  CaseExpr: ['args', 'defresult'],
  CaseWhen: ['result'],
  CoalesceExpr: ['args'],
  CollateClause: ['arg'],
  MinMaxExpr: ['args'],
  TypeCast: ['arg'],
};

/** Functions that give one of the values of their arguments. */
const choosing = new Set(['any_value', 'first_value', 'last_value', 'max', 'min']);

/** Kinds of nodes whose value is computed of what is in them, and of nothing else. */
const computed = new Set([
  'A_ArrayExpr',
  'A_Expr',
  'A_Indices',
  'BoolExpr',
  'BooleanTest',
  'CaseExpr',
  'CaseWhen',
  'CoalesceExpr',
  'CollateClause',
  'GroupingSet',
  'JsonAggConstructor',
  'JsonArgument',
  'JsonArrayAgg',
  'JsonArrayConstructor',
  'JsonArrayQueryConstructor',
  'JsonBehavior',
  'JsonFuncExpr',
  'JsonIsPredicate',
  'JsonKeyValue',
  'JsonObjectAgg',
  'JsonObjectConstructor',
  'JsonOutput',
  'JsonParseExpr',
  'JsonScalarExpr',
  'JsonSerializeExpr',
  'JsonTableColumn',
  'JsonTablePathSpec',
  'JsonValueExpr',
  'List',
  'MinMaxExpr',
  'MultiAssignRef',
  'NamedArgExpr',
  'NullTest',
  'RangeTableFuncCol',
  'ResTarget',
  'RowExpr',
  'SortBy',
  'TypeCast',
  'WindowDef',
  'XmlExpr',
  'XmlSerialize',
]);

/** Kinds that derive from no column; GROUPING tells of the query, not of the values. */
const constant = new Set([
  'A_Const',
  'Float',
  'GroupingFunc',
  'Integer',
  'Boolean',
  'BitString',
  'SQLValueFunction',
  'SetToDefault',
  'String',
  'TypeName',
]);

/** Finds what expressions derive from. */
export type ValueOf = (node: unknown, scope: Scope) => Value;

/** The analysis of expressions; `queryOf` analyses their sub-queries. */
export function createValueOf(analysis: Analysis, queryOf: (tree: SqlTree, scope: Scope) => QueryOutput): ValueOf {
  const valueOf: ValueOf = (value, scope) => {
    const node = unwrap(value);
    if (node === undefined) return { origins: insideOf(value, scope) };
    for (const declassifier of analysis.declassifiers) {
      const match = matchDeclassifier(declassifier, node);
      if (match === undefined) continue;
      const into = union(match.arguments.map((argument) => valueOf(argument, scope).origins));
      return { origins: union([declassified(into, declassifier.name), transformed(insideOf(match.besides, scope))]) };
    }
    if (constant.has(node.kind)) return nothing;
    switch (node.kind) {
      case 'ColumnRef':
        return columnValue(node.tree, scope);
      case 'A_Indirection':
        return indirectValue(node.tree, scope);
      case 'SubLink':
        return { origins: subQueryOrigins(node.tree, scope) };
      case 'SelectStmt':
        return { origins: carried(queryOf(node.tree, scope), false) };
      case 'FuncCall':
        return { origins: callOrigins(node, scope) };
      default:
        if (computed.has(node.kind)) return { origins: choiceOf(node.tree, choices[node.kind] ?? [], scope) };
        return analysis.fail(`chemflow cannot follow ${node.kind}.`, byteOf(node.tree));
    }
  };

  /** Everything in a list, or in the fields of a part. */
  const insideOf = (value: unknown, scope: Scope): Origins => {
    if (Array.isArray(value)) return union(value.map((one) => valueOf(one, scope).origins));
    if (!isTree(value)) return noOrigins;
    return union(
      Object.entries(value).map(([field, inner]) => {
        if (typeof inner !== 'object' || field === 'typeName') return noOrigins;
        return field === 'over' ? windowOrigins(inner, scope) : valueOf(inner, scope).origins;
      }),
    );
  };

  /** What a part is computed of, where some of its fields hold values of which it gives one. */
  const choiceOf = (tree: SqlTree, fields: readonly string[], scope: Scope): Origins => {
    const part = (isGiven: boolean): Origins =>
      insideOf(Object.fromEntries(Object.entries(tree).filter(([field]) => fields.includes(field) === isGiven)), scope);
    return union([chosen(part(true)), transformed(part(false))]);
  };

  /** A window's partitions, order and frame, and those of the window that it names. */
  const windowOrigins = (over: unknown, scope: Scope): Origins => {
    if (!isTree(over)) return noOrigins;
    const { name, refname, ...own } = over;
    const named = [name, refname].flatMap((one) => (typeof one === 'string' ? [scope.windows.get(one)] : []));
    return union([
      insideOf(own, scope),
      ...named.map((window) =>
        window === undefined ? noOrigins : windowOrigins({ ...window, name: undefined }, scope),
      ),
    ]);
  };

  const columnValue = (tree: SqlTree, scope: Scope): Value => {
    const path = stringsOf(tree, 'fields');
    const isStar = unwrap(listOf(tree, 'fields').at(-1))?.kind === 'A_Star';
    const columns = isStar ? expandStar(scope, path) : undefined;
    const value = isStar ? columns && wholeRow(columns) : resolveColumn(scope, path);
    if (value !== undefined) return value;
    const shown = [...path, ...(isStar ? ['*'] : [])].join('.');
    return analysis.fail(`there is no column ${shown} in what is known of the tables.`, byteOf(tree));
  };

  const indirectValue = (tree: SqlTree, scope: Scope): Value => {
    let value = valueOf(tree['arg'], scope);
    for (const step of listOf(tree, 'indirection')) {
      const field = stringOf(step);
      const known = field === undefined || value.fields === undefined ? undefined : findColumn(value.fields, field);
      value = known ?? {
        origins: transformed(
          union([value.origins, unwrap(step)?.kind === 'A_Star' ? noOrigins : valueOf(step, scope).origins]),
        ),
      };
    }
    return value;
  };

  const subQueryOrigins = (tree: SqlTree, scope: Scope): Origins => {
    const query = unwrap(tree['subselect']);
    if (query?.kind !== 'SelectStmt') return analysis.fail('chemflow cannot follow this sub-query.', byteOf(tree));
    const output = queryOf(query.tree, scope);
    const exists = textOf(tree, 'subLinkType') === 'EXISTS_SUBLINK';
    const tested = tree['testexpr'] === undefined ? noOrigins : valueOf(tree['testexpr'], scope).origins;
    return union([transformed(tested), carried(output, exists)]);
  };

  /** What an expression sub-query derives from: its columns and what decides which rows they are of; EXISTS looks at no column. */
  const carried = (output: QueryOutput, exists: boolean): Origins =>
    transformed(union([...(exists ? [] : output.columns.map((column) => column.origins)), output.control()]));

  const callOrigins = (node: SqlNode, scope: Scope): Origins => {
    const name = catalogName(stringsOf(node.tree, 'funcname'));
    const inside = choiceOf(node.tree, choosing.has(name) ? ['args'] : [], scope);
    if (pureFunctions.has(name) || analysis.functions.has(name)) return inside;
    if (name !== 'current_setting')
      return analysis.fail(`chemflow does not know what the function ${name} reads.`, byteOf(node.tree));
    const [argument] = listOf(node.tree, 'args');
    const constantName = textOf(partOf(unwrap(argument)?.tree ?? {}, 'sval') ?? {}, 'sval');
    if (constantName !== undefined && !constantName.toLowerCase().startsWith('chemflow.')) return inside;
    const secret = { relation: settingsRelation, column: constantName ?? '*', ...unread };
    return union([inside, originsOf([secret])]);
  };
  return valueOf;
}

/** Where a node is written. */
export function byteOf(tree: SqlTree): number | undefined {
  const location = tree['location'];
  return typeof location === 'number' && location >= 0 ? location : undefined;
}
