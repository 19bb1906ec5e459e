import { columnName } from './column-name.js';
import { byteOf, createValueOf } from './expression-value.js';
import { createPartOf, renameColumns } from './from-clause.js';
import { noOrigins, transformed, union, type Origins } from './origins.js';
import { isTree, listOf, partOf, stringsOf, textOf, unwrap, type SqlTree } from './parse-sql.js';
import type { Analysis, FromPart, OutputColumn, QueryOutput, Scope } from './query-types.js';
import { expandStar, wholeRow } from './resolve-column.js';

type Queries = Map<string, Pick<QueryOutput, 'columns' | 'isOrdered' | 'control'>>;

const selectFields = new Set([
  'all',
  'distinctClause',
  'fromClause',
  'groupByAll',
  'groupClause',
  'groupDistinct',
  'havingClause',
  'larg',
  'limitCount',
  'limitOffset',
  'limitOption',
  'lockingClause',
  'op',
  'rarg',
  'sortClause',
  'targetList',
  'valuesLists',
  'whereClause',
  'windowClause',
  'withClause',
]);

/** The analysis of a SELECT, VALUES, TABLE or set operation. */
export function createQueryOutput(analysis: Analysis): (tree: SqlTree, scope: Scope | undefined) => QueryOutput {
  const valueOf = createValueOf(analysis, (tree, scope) => queryOutput(tree, scope));
  const partOfNode = createPartOf(analysis, valueOf, (tree, scope) => queryOutput(tree, scope));

  const queryOutput = (tree: SqlTree, parent: Scope | undefined): QueryOutput => {
    for (const field of Object.keys(tree))
      if (!selectFields.has(field))
        return analysis.fail(`chemflow cannot follow a SELECT with ${field}.`, byteOf(partOf(tree, field) ?? {}));
    const queries: Queries = new Map();
    const outer: Scope = { parent, queries, parts: [], windows: new Map() };
    if (tree['withClause'] !== undefined) addQueries(partOf(tree, 'withClause') ?? {}, queries, outer);
    if (isTree(tree['larg']) && isTree(tree['rarg'])) return setOperation(tree, tree['larg'], tree['rarg'], outer);
    if (tree['valuesLists'] !== undefined) return valuesOutput(tree, outer);
    return selectOutput(tree, outer);
  };

  const selectOutput = (tree: SqlTree, outer: Scope): QueryOutput => {
    const parts: FromPart[] = [];
    for (const entry of listOf(tree, 'fromClause')) {
      parts.push(
        partOfNode(entry, outer, { parent: outer, queries: new Map(), parts: [...parts], windows: new Map() }),
      );
    }
    const windows = new Map(
      listOf(tree, 'windowClause').flatMap((entry) => {
        const window = unwrap(entry)?.tree ?? {};
        return [[textOf(window, 'name') ?? '', window] as const];
      }),
    );
    const scope: Scope = { parent: outer, queries: new Map(), parts, windows };
    const columns: OutputColumn[] = [];
    let isOrdered = true;
    for (const entry of listOf(tree, 'targetList')) {
      const target = unwrap(entry)?.tree ?? {};
      const stars = starColumns(target['val'], scope);
      if (stars !== undefined) {
        // What a star gives is by position only as certain as the order of the tables' columns.
        isOrdered &&= parts.every((part) => part.isOrdered);
        columns.push(...stars);
        continue;
      }
      const value = valueOf(target['val'], scope);
      const name = textOf(target, 'name') ?? columnName(target['val']);
      columns.push({ name, origins: value.origins, fields: value.fields, byte: byteOf(target) ?? 0 });
    }
    const control = (): Origins => {
      const ofRows = union([
        ...parts.map((part) => part.control()),
        ...['whereClause', 'havingClause', 'limitCount', 'limitOffset'].map((field) => originsAt(tree[field], scope)),
      ]);
      return transformed(
        union([
          ofRows,
          ...['sortClause', 'groupClause', 'distinctClause'].map((field) => orderOrigins(tree, field, columns, scope)),
        ]),
      );
    };
    return { columns, isOrdered, control };
  };

  const originsAt = (value: unknown, scope: Scope): Origins =>
    value === undefined ? noOrigins : valueOf(value, scope).origins;

  /** ORDER BY and GROUP BY may name what the query itself gives. */
  const orderOrigins = (tree: SqlTree, field: string, columns: readonly OutputColumn[], scope: Scope): Origins =>
    union(
      listOf(tree, field).map((entry) => {
        const node = unwrap(entry);
        const expression = node?.kind === 'SortBy' ? node.tree['node'] : entry;
        const reference = unwrap(expression);
        const path = reference?.kind === 'ColumnRef' ? stringsOf(reference.tree, 'fields') : [];
        const own = path.length === 1 ? columns.filter((column) => column.name === path[0]) : [];
        if (own.length > 0) return union(own.map((column) => column.origins));
        return isTree(expression) && Object.keys(expression).length === 0 ? noOrigins : originsAt(expression, scope);
      }),
    );

  /** The columns of `*`, `p.*` and `(p).*`; undefined for any other expression. */
  const starColumns = (value: unknown, scope: Scope): readonly OutputColumn[] | undefined => {
    const node = unwrap(value);
    if (node === undefined) return undefined;
    const list = node.kind === 'ColumnRef' ? 'fields' : node.kind === 'A_Indirection' ? 'indirection' : undefined;
    if (list === undefined || unwrap(listOf(node.tree, list).at(-1))?.kind !== 'A_Star') return undefined;
    const byte = byteOf(node.tree) ?? byteOf(unwrap(node.tree['arg'])?.tree ?? {});
    const found =
      list === 'fields'
        ? expandStar(scope, stringsOf(node.tree, list))
        : valueOf({ A_Indirection: { ...node.tree, indirection: listOf(node.tree, list).slice(0, -1) } }, scope).fields;
    if (found === undefined) return analysis.fail('nothing tells the columns of this star.', byte);
    return found.map((column) => ({ ...column, byte: byte ?? column.byte }));
  };

  const valuesOutput = (tree: SqlTree, outer: Scope): QueryOutput => {
    const rows = listOf(tree, 'valuesLists').map((row) => listOf(unwrap(row)?.tree ?? {}, 'items'));
    const width = Math.max(0, ...rows.map((row) => row.length));
    const columns = Array.from({ length: width }, (_, index) => ({
      name: `column${index + 1}`,
      origins: union(rows.map((row) => originsAt(row[index], outer))),
      byte: 0,
    }));
    return { columns, isOrdered: true, control: () => noOrigins };
  };

  const setOperation = (tree: SqlTree, larg: SqlTree, rarg: SqlTree, outer: Scope): QueryOutput => {
    const left = queryOutput(larg, outer);
    const right = queryOutput(rarg, outer);
    const isExcept = textOf(tree, 'op') === 'SETOP_EXCEPT';
    const byPosition = (output: QueryOutput, index: number): Origins =>
      output.isOrdered
        ? (output.columns[index]?.origins ?? noOrigins)
        : union(output.columns.map((column) => column.origins));
    const columns = left.columns.map((column, index) => ({
      name: column.name,
      origins: isExcept ? byPosition(left, index) : union([byPosition(left, index), byPosition(right, index)]),
      byte: column.byte,
    }));
    const control = (): Origins =>
      union([left.control(), right.control(), isExcept ? transformed(wholeRow(right.columns).origins) : noOrigins]);
    return { columns, isOrdered: left.isOrdered && right.isOrdered, control };
  };

  const addQueries = (clause: SqlTree, queries: Queries, scope: Scope): void => {
    for (const entry of listOf(clause, 'ctes')) {
      const query = unwrap(entry)?.tree ?? {};
      const name = textOf(query, 'ctename') ?? '';
      const body = unwrap(query['ctequery']);
      if (body?.kind !== 'SelectStmt')
        return analysis.fail('a common table expression that changes data cannot be followed.', byteOf(query));
      const named = (output: QueryOutput): QueryOutput => ({
        ...output,
        columns: withTraversal(
          query,
          renameColumns(output.columns, stringsOf(query, 'aliascolnames'), output.isOrdered),
        ),
      });
      const isRecursive = clause['recursive'] === true && isTree(body.tree['larg']);
      if (!isRecursive) {
        queries.set(name, named(queryOutput(body.tree, scope)));
        continue;
      }
      // What the recursive term gives flows back into it, until nothing new comes.
      const inner: Queries = new Map();
      if (body.tree['withClause'] !== undefined) addQueries(partOf(body.tree, 'withClause') ?? {}, inner, scope);
      let output = named(
        queryOutput(body.tree['larg'] as SqlTree, { ...scope, queries: new Map([...scope.queries, ...inner]) }),
      );
      for (let size = -1; size !== sizeOf(output);) {
        size = sizeOf(output);
        queries.set(name, { ...output, control: () => noOrigins });
        output = named(queryOutput(body.tree, scope));
      }
      queries.set(name, output);
    }
  };

  return queryOutput;
}

function sizeOf(output: QueryOutput): number {
  return output.columns.reduce((sum, column) => sum + column.origins.size, 0);
}

/** The columns that SEARCH and CYCLE add to a recursive query. */
function withTraversal(query: SqlTree, columns: readonly OutputColumn[]): readonly OutputColumn[] {
  const search = partOf(query, 'search_clause');
  const cycle = partOf(query, 'cycle_clause');
  const of = (names: readonly string[]): Origins =>
    transformed(union(columns.filter((column) => names.includes(column.name)).map((column) => column.origins)));
  const added: OutputColumn[] = [];
  const add = (name: string | undefined, origins: Origins): void => {
    if (name !== undefined) added.push({ name, origins, byte: byteOf(query) ?? 0 });
  };
  if (search !== undefined) add(textOf(search, 'search_seq_column'), of(stringsOf(search, 'search_col_list')));
  if (cycle !== undefined) {
    const origins = of(stringsOf(cycle, 'cycle_col_list'));
    add(textOf(cycle, 'cycle_mark_column'), origins);
    add(textOf(cycle, 'cycle_path_column'), origins);
  }
  return added.length === 0 ? columns : [...columns, ...added];
}
