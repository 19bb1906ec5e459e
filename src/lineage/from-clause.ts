import { byteOf, type ValueOf } from './expression-value.js';
import { columnOrigin, noOrigins, transformed, union, type Origins } from './origins.js';
import {
  catalogName,
  isTree,
  listOf,
  partOf,
  stringsOf,
  textOf,
  unwrap,
  type SqlNode,
  type SqlTree,
} from './parse-sql.js';
import { recordFunctions, tableFunctions } from './pure-functions.js';
import {
  relationColumns,
  type Analysis,
  type FromPart,
  type OutputColumn,
  type QueryOutput,
  type Scope,
} from './query-types.js';
import { findColumn } from './resolve-column.js';

/** Analyses an entry of a FROM clause. `outer` is what a sub-query sees, `scope` what a lateral one sees too. */
export type PartOf = (node: unknown, outer: Scope, scope: Scope) => FromPart;

const noControl = (): Origins => noOrigins;

/** Columns under the names that an alias gives them. By position they can only be told apart where they stand in a known order. */
export function renameColumns(
  columns: readonly OutputColumn[],
  names: readonly string[],
  isOrdered: boolean,
): readonly OutputColumn[] {
  if (names.length === 0) return columns;
  if (isOrdered) return columns.map((column, index) => ({ ...column, name: names[index] ?? column.name }));
  const all = union(columns.map((column) => column.origins));
  const kept = columns.slice(names.length);
  return [
    ...names.map((name) => ({ name, origins: all, byte: columns[0]?.byte ?? 0 })),
    ...kept.map((column) => ({ ...column, origins: all })),
  ];
}

interface AliasClause {
  readonly name: string | undefined;
  readonly columns: readonly string[];
}

function aliasOf(tree: SqlTree): AliasClause {
  const alias = partOf(tree, 'alias');
  return alias === undefined
    ? { name: undefined, columns: [] }
    : { name: textOf(alias, 'aliasname'), columns: stringsOf(alias, 'colnames') };
}

/** The analysis of FROM clauses. */
export function createPartOf(
  analysis: Analysis,
  valueOf: ValueOf,
  queryOf: (tree: SqlTree, scope: Scope) => QueryOutput,
): PartOf {
  const single = (
    alias: AliasClause,
    name: string,
    columns: readonly OutputColumn[],
    isOrdered: boolean,
    control: () => Origins,
    more: { readonly schema?: string | undefined; readonly others?: Origins } = {},
  ): FromPart => {
    const renamed = renameColumns(columns, alias.columns, isOrdered);
    const schema = alias.name === undefined ? more.schema : undefined;
    return {
      items: [{ alias: alias.name ?? name, columns: renamed, schema, others: more.others }],
      columns: renamed,
      isOrdered,
      control,
    };
  };

  const tablePart = (tree: SqlTree, outer: Scope): FromPart => {
    const name = textOf(tree, 'relname') ?? '';
    const schema = textOf(tree, 'schemaname');
    const byte = byteOf(tree) ?? 0;
    if (schema === undefined) {
      for (let level: Scope | undefined = outer; level !== undefined; level = level.parent) {
        const query = level.queries.get(name);
        if (query !== undefined) return single(aliasOf(tree), name, query.columns, query.isOrdered, query.control);
      }
    }
    const relation = analysis.findRelation({ database: textOf(tree, 'catalogname'), schema, name });
    if (relation === undefined)
      return analysis.fail(
        `nothing is known of the columns of ${schema === undefined ? '' : `${schema}.`}${name}; ref() and source() name what is known.`,
        byte,
      );
    const columns = relationColumns(relation, (column) => columnOrigin(relation.id, column), byte);
    return single(aliasOf(tree), name, columns, relation.isOrdered && !relation.isOpen, noControl, { schema });
  };

  const subQueryPart = (tree: SqlTree, outer: Scope, scope: Scope): FromPart => {
    const query = unwrap(tree['subquery']);
    if (query?.kind !== 'SelectStmt') return analysis.fail('chemflow cannot follow this sub-query.', byteOf(tree));
    const isLateral = tree['lateral'] === true;
    const output = queryOf(query.tree, isLateral ? scope : outer);
    // A lateral sub-query is computed for each row, as an expression is: its predicates are part of what it gives.
    const columns = isLateral
      ? output.columns.map((column) => ({ ...column, origins: union([column.origins, transformed(output.control())]) }))
      : output.columns;
    return single(aliasOf(tree), '', columns, output.isOrdered, output.control);
  };

  const functionPart = (tree: SqlTree, scope: Scope): FromPart => {
    const alias = aliasOf(tree);
    const definitions = listOf(tree, 'coldeflist');
    const columns: OutputColumn[] = [];
    let others: Origins | undefined;
    let first: string | undefined;
    const calls = listOf(tree, 'functions');
    for (const entry of calls) {
      const [call, ownDefinitions] = listOf(unwrap(entry)?.tree ?? {}, 'items');
      const { origins } = valueOf(call, scope);
      const node = unwrap(call);
      const name = node?.kind === 'FuncCall' ? catalogName(stringsOf(node.tree, 'funcname')) : undefined;
      const byte = byteOf(node?.tree ?? {}) ?? 0;
      first ??= name;
      const add = (names: readonly string[]): void => {
        for (const one of names) columns.push({ name: one, origins, byte });
      };
      const declared = [...definitions, ...listOf(unwrap(ownDefinitions)?.tree ?? {}, 'items')].flatMap(
        (definition) => textOf(unwrap(definition)?.tree ?? {}, 'colname') ?? [],
      );
      const known = name === undefined ? undefined : tableFunctions.get(name);
      if (declared.length > 0) add(declared);
      else if (known !== undefined) add(known);
      else if (name !== undefined && (recordFunctions.has(name) || analysis.functions.has(name))) {
        // How many columns it gives nobody says: each that is named derives from its arguments.
        add(alias.columns);
        others = union([others ?? noOrigins, origins]);
      } else {
        const count = name === 'unnest' ? listOf(node?.tree ?? {}, 'args').length : 1;
        add(
          Array.from(
            { length: count },
            () => (calls.length === 1 && count === 1 ? (alias.name ?? name) : name) ?? 'column',
          ),
        );
        if (name === 'unnest') others = union([others ?? noOrigins, origins]);
      }
    }
    const all = union(columns.map((column) => column.origins));
    if (tree['ordinality'] === true) columns.push({ name: 'ordinality', origins: transformed(all), byte: 0 });
    return single(alias, first ?? '', columns, true, () => all, others === undefined ? {} : { others });
  };

  /** XMLTABLE and JSON_TABLE: every column derives from the document and the paths. */
  const documentPart = (node: SqlNode, scope: Scope): FromPart => {
    const { alias: _alias, ...own } = node.tree;
    const { origins } = valueOf({ List: { items: [own] } }, scope);
    const columns: OutputColumn[] = [];
    const collect = (tree: SqlTree): void => {
      for (const entry of listOf(tree, 'columns')) {
        const column = unwrap(entry)?.tree ?? {};
        const name = textOf(column, 'colname') ?? textOf(column, 'name');
        if (listOf(column, 'columns').length > 0) collect(column);
        else if (name !== undefined) columns.push({ name, origins, byte: byteOf(column) ?? 0 });
      }
    };
    collect(node.tree);
    return single(aliasOf(node.tree), node.kind.toLowerCase(), columns, true, () => origins);
  };

  const joinPart = (tree: SqlTree, outer: Scope, scope: Scope): FromPart => {
    const left = partOfNode(tree['larg'], outer, scope);
    const right = partOfNode(tree['rarg'], outer, { ...scope, parts: [...scope.parts, left] });
    const names = (part: FromPart): readonly string[] =>
      part.columns.map((column) => column.name).filter((name) => name !== '*');
    const shared =
      tree['isNatural'] === true
        ? names(left).filter((name) => names(right).includes(name))
        : stringsOf(tree, 'usingClause');
    const merged = shared.map((name) => ({
      name,
      origins: union([left, right].map((part) => findColumn(part.columns, name)?.origins ?? noOrigins)),
      byte: byteOf(tree) ?? 0,
    }));
    const rest = [...left.columns, ...right.columns].filter((column) => !shared.includes(column.name));
    const columns = [...merged, ...rest];
    const both: Scope = { ...scope, parts: [...scope.parts, left, right] };
    const control = (): Origins =>
      union([
        left.control(),
        right.control(),
        ...merged.map((column) => transformed(column.origins)),
        tree['quals'] === undefined ? noOrigins : valueOf(tree['quals'], both).origins,
      ]);
    const isOrdered = left.isOrdered && right.isOrdered;
    const alias = aliasOf(tree);
    if (alias.name !== undefined) return single(alias, '', columns, isOrdered, control);
    const using = partOf(tree, 'join_using_alias');
    const items = [...left.items, ...right.items];
    if (using !== undefined) items.push({ alias: textOf(using, 'aliasname') ?? '', columns: merged });
    return { items, columns, isOrdered, control };
  };

  const partOfNode: PartOf = (value, outer, scope) => {
    const node = unwrap(value);
    switch (node?.kind) {
      case 'RangeVar':
        return tablePart(node.tree, outer);
      case 'RangeSubselect':
        return subQueryPart(node.tree, outer, scope);
      case 'RangeFunction':
        return functionPart(node.tree, scope);
      case 'RangeTableFunc':
      case 'JsonTable':
        return documentPart(node, scope);
      case 'RangeTableSample':
        return partOfNode(node.tree['relation'], outer, scope);
      case 'JoinExpr':
        return joinPart(node.tree, outer, scope);
      default:
        return analysis.fail(
          `chemflow cannot follow ${node?.kind ?? 'this'} in a FROM clause.`,
          isTree(node?.tree) ? byteOf(node.tree) : undefined,
        );
    }
  };
  return partOfNode;
}
