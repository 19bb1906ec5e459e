import { catalogName, isTree, listOf, stringsOf, textOf, unwrap, type SqlTree } from './parse-sql.js';

/** A name, and whether it is more than the kind of the expression, so that a cast keeps it. */
interface Named {
  readonly name: string;
  readonly isOwn: boolean;
}

const words: Readonly<Record<string, string>> = {
  A_ArrayExpr: 'array',
  CoalesceExpr: 'coalesce',
  GroupingFunc: 'grouping',
  JsonArrayAgg: 'json_arrayagg',
  JsonArrayConstructor: 'json_array',
  JsonArrayQueryConstructor: 'json_array',
  JsonObjectAgg: 'json_objectagg',
  JsonObjectConstructor: 'json_object',
  JsonParseExpr: 'json',
  JsonScalarExpr: 'json_scalar',
  JsonSerializeExpr: 'json_serialize',
  RowExpr: 'row',
  XmlSerialize: 'xmlserialize',
};

/** The name that PostgreSQL gives to a column whose expression has none. */
export function columnName(value: unknown): string {
  return nameOf(value)?.name ?? '?column?';
}

function nameOf(value: unknown): Named | undefined {
  const node = unwrap(value);
  if (node === undefined) return undefined;
  const { kind, tree } = node;
  const word = words[kind];
  if (word !== undefined) return { name: word, isOwn: true };
  switch (kind) {
    case 'ColumnRef':
      return lastName(listOf(tree, 'fields'));
    case 'A_Indirection':
      return lastName(listOf(tree, 'indirection')) ?? nameOf(tree['arg']);
    case 'FuncCall': {
      const name = stringsOf(tree, 'funcname').at(-1);
      return name === undefined ? undefined : { name, isOwn: true };
    }
    case 'A_Expr':
      return textOf(tree, 'kind') === 'AEXPR_NULLIF' ? { name: 'nullif', isOwn: true } : undefined;
    case 'TypeCast':
      return castName(tree);
    case 'CollateClause':
      return nameOf(tree['arg']);
    case 'CaseExpr': {
      const other = nameOf(tree['defresult']);
      return other?.isOwn === true ? other : { name: 'case', isOwn: false };
    }
    case 'MinMaxExpr':
      return { name: textOf(tree, 'op') === 'IS_LEAST' ? 'least' : 'greatest', isOwn: true };
    case 'SQLValueFunction':
      return {
        name: (textOf(tree, 'op') ?? '')
          .replace(/^SVFOP_/, '')
          .replace(/_N$/, '')
          .toLowerCase(),
        isOwn: true,
      };
    case 'XmlExpr':
      return { name: (textOf(tree, 'op') ?? '').replace(/^IS_/, '').toLowerCase(), isOwn: true };
    case 'JsonFuncExpr':
      return { name: (textOf(tree, 'op') ?? '').replace(/_OP$/, '').toLowerCase(), isOwn: true };
    case 'SubLink':
      return subQueryName(tree);
    default:
      return undefined;
  }
}

function lastName(fields: readonly unknown[]): Named | undefined {
  const name = stringsOf({ fields }, 'fields').at(-1);
  return name === undefined ? undefined : { name, isOwn: true };
}

function castName(tree: SqlTree): Named | undefined {
  const own = nameOf(tree['arg']);
  if (own?.isOwn === true) return own;
  const type = isTree(tree['typeName'])
    ? catalogName(stringsOf(tree['typeName'], 'names')).split('.').at(-1)
    : undefined;
  return type === undefined ? own : { name: type, isOwn: false };
}

function subQueryName(tree: SqlTree): Named | undefined {
  switch (textOf(tree, 'subLinkType')) {
    case 'EXISTS_SUBLINK':
      return { name: 'exists', isOwn: true };
    case 'ARRAY_SUBLINK':
      return { name: 'array', isOwn: true };
    case 'EXPR_SUBLINK': {
      let query = unwrap(tree['subselect'])?.tree;
      while (isTree(query?.['larg'])) query = query['larg'];
      const target = unwrap(listOf(query ?? {}, 'targetList')[0])?.tree;
      if (target === undefined) return undefined;
      const given = textOf(target, 'name');
      return given === undefined ? nameOf(target['val']) : { name: given, isOwn: true };
    }
    default:
      return undefined;
  }
}
