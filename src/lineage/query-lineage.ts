import type { Declassifier } from './declassifiers.js';
import { originsOf, type Origin } from './origins.js';
import { offsetOfByte, Untraceable, type ParseSql } from './parse-sql.js';
import { createQueryOutput } from './query-output.js';
import type { Analysis } from './query-types.js';

/** A column that a query gives, and the columns of relations that it derives from. */
export interface ColumnLineage {
  /** `*` stands for the columns that nobody declared of a relation whose `*` the query gives. */
  readonly name: string;
  readonly origins: readonly Origin[];
  /** Offset in the SQL where it is written. */
  readonly offset: number;
}

/** The lineage of a query. */
export interface QueryLineage {
  readonly columns: readonly ColumnLineage[];
  /** Do the columns stand in the list as the query gives them? */
  readonly isOrdered: boolean;
}

/** What the lineage of a query is found with. */
export interface QueryLineageOptions {
  readonly parse: ParseSql;
  readonly findRelation: Analysis['findRelation'];
  readonly declassifiers: readonly Declassifier[];
  readonly functions: ReadonlySet<string>;
}

/**
 * The columns that a query gives and what each derives from: what a value is computed of, the predicates in it (CASE, FILTER, OVER, sub-queries) included;
 * WHERE, JOIN, GROUP BY and ORDER BY choose rows and are no part of it. Throws Untraceable for anything that it cannot follow.
 */
export function queryLineage(sql: string, options: QueryLineageOptions): QueryLineage {
  const fail = (message: string, byte: number | undefined): never => {
    throw new Untraceable(message, byte === undefined ? 0 : offsetOfByte(sql, byte));
  };
  const statements = options.parse(sql);
  const [statement] = statements;
  if (statement === undefined) return fail('there is no statement.', 0);
  if (statements.length > 1) return fail('there is more than one statement.', 0);
  if (statement.kind !== 'SelectStmt') return fail('only a SELECT can be followed.', 0);
  const output = createQueryOutput({ ...options, fail })(statement.tree, undefined);
  const byName = new Map<string, ColumnLineage>();
  for (const column of output.columns) {
    const before = byName.get(column.name);
    byName.set(column.name, {
      name: column.name,
      origins: [...originsOf([...(before?.origins ?? []), ...column.origins.values()]).values()],
      offset: before?.offset ?? offsetOfByte(sql, column.byte),
    });
  }
  return { columns: [...byName.values()], isOrdered: output.isOrdered };
}
