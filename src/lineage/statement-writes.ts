import { blockStatements } from './block-statements.js';
import { byteOf } from './expression-value.js';
import { originsOf, type Origin } from './origins.js';
import {
  isTree,
  listOf,
  offsetOfByte,
  partOf,
  stringOf,
  textOf,
  unwrap,
  Untraceable,
  type SqlNode,
  type SqlTree,
} from './parse-sql.js';
import type { ParseBlock } from './parse-sql.js';
import type { QueryLineageOptions } from './query-lineage.js';
import { createQueryOutput } from './query-output.js';
import { isHarmless, requireKnownFunctions, requireNoSecret } from './harmless-statements.js';

/** A relation as SQL names it. */
export interface WrittenRelation {
  readonly schema: string | undefined;
  readonly name: string;
  /** Does it go with the session? */
  readonly isTemporary: boolean;
}

/** What one statement puts somewhere. */
export interface Written {
  /** Undefined where it leaves the database: COPY ... TO. */
  readonly target: WrittenRelation | undefined;
  /** The columns with what they derive from; a name is undefined where the statement does not say which column of the target a value is for. */
  readonly columns: readonly { readonly name: string | undefined; readonly origins: readonly Origin[] }[];
  /** Offset in the SQL. */
  readonly offset: number;
}

/** What {@link statementWrites} is told beside what a query's lineage is found with. */
export interface StatementOptions extends QueryLineageOptions {
  readonly parseBlock: ParseBlock;
  /** The columns of a relation that stands in the order of its list; undefined for any other. */
  readonly orderedColumns: (relation: WrittenRelation) => readonly string[] | undefined;
}

/** Parts of ALTER TABLE that put one table's rows under another. */
const moving = new Set(['AT_AttachPartition', 'AT_AddInherit']);

/** What the statements of a text write, each relation and statement for itself. Throws Untraceable for anything that cannot be followed. */
export function statementWrites(sql: string, options: StatementOptions): readonly Written[] {
  return options.parse(sql).flatMap((statement) => writesOf(sql, statement, options));
}

function writesOf(sql: string, statement: SqlNode, options: StatementOptions): readonly Written[] {
  const fail = (message: string, byte: number | undefined): never => {
    throw new Untraceable(message, byte === undefined ? 0 : offsetOfByte(sql, byte));
  };
  const { kind, tree } = statement;
  const query = createQueryOutput({ ...options, fail });
  const columnsOf = (select: SqlTree, names?: readonly (string | undefined)[]): Written['columns'] => {
    const output = query(select, undefined);
    const origins = output.columns.map((column) => [...column.origins.values()]);
    const isPlaced = names !== undefined && output.isOrdered && names.length >= output.columns.length;
    return origins.map((own, index) => ({
      name: isPlaced ? names[index] : undefined,
      origins: isPlaced ? own : [...originsOf(origins.flat()).values()],
    }));
  };
  const byName = (select: SqlTree): Written['columns'] =>
    query(select, undefined).columns.map(({ name, origins }) => ({ name, origins: [...origins.values()] }));
  const written = (target: SqlTree | undefined, columns: Written['columns']): Written => ({
    target: target === undefined ? undefined : relationOf(target),
    columns,
    offset: offsetOfByte(sql, byteOf(target ?? {}) ?? 0),
  });
  const select = (value: unknown, outer: SqlTree): SqlTree => {
    const node = unwrap(value);
    if (node?.kind !== 'SelectStmt') return fail('only a SELECT can be followed here.', byteOf(outer));
    if (outer['withClause'] === undefined) return node.tree;
    if (node.tree['withClause'] !== undefined) return fail('two WITH clauses cannot be followed.', byteOf(outer));
    return { ...node.tree, withClause: outer['withClause'] };
  };
  const targetOf = (field: string): SqlTree => partOf(tree, field) ?? {};

  const insert = (): readonly Written[] => {
    const target = targetOf('relation');
    const named = listOf(tree, 'cols').map((one) => textOf(unwrap(one)?.tree ?? {}, 'name'));
    const names = named.length > 0 ? named : options.orderedColumns(relationOf(target));
    if (tree['selectStmt'] === undefined) return [written(target, [])];
    const source = select(tree['selectStmt'], tree);
    const first = written(target, columnsOf(source, names));
    const conflict = partOf(tree, 'onConflictClause');
    if (conflict === undefined || listOf(conflict, 'targetList').length === 0) return [first];
    if (named.length === 0)
      return fail('ON CONFLICT DO UPDATE can be followed where the INSERT names its columns.', byteOf(target));
    const excluded = {
      RangeSubselect: {
        subquery: { SelectStmt: source },
        alias: { aliasname: 'excluded', colnames: named.map((name) => ({ String: { sval: name } })) },
      },
    };
    const { schema, name } = relationOf(target);
    const standing = options.findRelation({ schema, name }) === undefined ? [] : [{ RangeVar: target }];
    return [
      first,
      written(target, byName({ targetList: conflict['targetList'], fromClause: [...standing, excluded] })),
    ];
  };

  const update = (): readonly Written[] => {
    const target = targetOf('relation');
    const fromClause = [{ RangeVar: target }, ...listOf(tree, 'fromClause')];
    return [
      written(target, byName({ targetList: tree['targetList'], fromClause, withClause: tree['withClause'] ?? {} })),
    ];
  };

  const merge = (): readonly Written[] => {
    const target = targetOf('relation');
    const fromClause = [{ RangeVar: target }, tree['sourceRelation']];
    return listOf(tree, 'mergeWhenClauses').flatMap((entry) => {
      const clause = unwrap(entry)?.tree ?? {};
      const targets = listOf(clause, 'targetList');
      const values = listOf(clause, 'values');
      const names = targets.map((one) => textOf(unwrap(one)?.tree ?? {}, 'name'));
      const targetList =
        values.length === 0 ? targets : values.map((val, index) => ({ ResTarget: { val, name: names[index] ?? '?' } }));
      if (targetList.length === 0) return [];
      const columns = byName({ targetList, fromClause, withClause: tree['withClause'] ?? {} });
      return [
        written(
          target,
          columns.map((column) => (column.name === '?' ? { ...column, name: undefined } : column)),
        ),
      ];
    });
  };

  const copy = (): readonly Written[] => {
    if (tree['is_from'] === true) return fail('what COPY ... FROM brings cannot be told.', undefined);
    const relation = partOf(tree, 'relation');
    if (relation === undefined) return [written(undefined, byName(select(tree['query'], {})))];
    const listed = listOf(tree, 'attlist');
    const fields = listed.length === 0 ? [{ A_Star: {} }] : listed;
    const targetList = fields.map((field) => ({ ResTarget: { val: { ColumnRef: { fields: [field] } } } }));
    return [written(undefined, byName({ targetList, fromClause: [{ RangeVar: relation }] }))];
  };

  switch (kind) {
    case 'SelectStmt': {
      const { intoClause, ...plain } = tree;
      const columns = byName(plain);
      return isTree(intoClause) ? [written(partOf(intoClause, 'rel'), columns)] : [];
    }
    case 'InsertStmt':
      return insert();
    case 'UpdateStmt':
      return update();
    case 'MergeStmt':
      return merge();
    case 'CreateTableAsStmt': {
      const into = partOf(tree, 'into') ?? {};
      const names = listOf(into, 'colNames').flatMap((one) => stringOf(one) ?? []);
      const source = select(tree['query'], {});
      return [written(partOf(into, 'rel'), names.length === 0 ? byName(source) : columnsOf(source, names))];
    }
    case 'ViewStmt': {
      const names = listOf(tree, 'aliases').flatMap((one) => stringOf(one) ?? []);
      const source = select(tree['query'], {});
      return [written(targetOf('view'), names.length === 0 ? byName(source) : columnsOf(source, names))];
    }
    case 'CopyStmt':
      return copy();
    case 'DeleteStmt':
      requireKnownFunctions(tree, options.functions, fail);
      return [];
    case 'AlterTableStmt': {
      requireNoSecret(tree, fail);
      const subtypes = listOf(tree, 'cmds').map((one) => textOf(unwrap(one)?.tree ?? {}, 'subtype') ?? '');
      return subtypes.some((subtype) => moving.has(subtype))
        ? fail('a table that becomes part of another cannot be followed.', byteOf(targetOf('relation')))
        : [];
    }
    case 'DoStmt':
      return blockStatements(tree, options, fail).flatMap((text) => statementWrites(text, options));
    default:
      requireNoSecret(tree, fail);
      return isHarmless([statement]) ? [] : fail(`chemflow cannot follow ${kind}.`, byteOf(tree));
  }
}

function relationOf(tree: SqlTree): WrittenRelation {
  return {
    schema: textOf(tree, 'schemaname'),
    name: textOf(tree, 'relname') ?? '',
    isTemporary: textOf(tree, 'relpersistence') === 't',
  };
}
