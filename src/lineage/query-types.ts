import type { Declassifier } from './declassifiers.js';
import type { Origins } from './origins.js';
import type { SqlTree } from './parse-sql.js';

/** A column that a query, a table or a common table expression gives. `*` stands for columns whose names are not known. */
export interface OutputColumn {
  readonly name: string;
  readonly origins: Origins;
  /** The columns of a composite value, where they are known. */
  readonly fields?: readonly OutputColumn[] | undefined;
  /** Byte of the SQL where it is written. */
  readonly byte: number;
}

/** A relation that queries may read. */
export interface KnownRelation {
  readonly id: string;
  readonly columns: readonly string[];
  /** May it have columns that nobody declared? */
  readonly isOpen: boolean;
  /** Do its columns stand in the table as they stand in the list? Then they may be told apart by position. */
  readonly isOrdered: boolean;
}

/** What a query gives. */
export interface QueryOutput {
  readonly columns: readonly OutputColumn[];
  readonly isOrdered: boolean;
  /** What decides which rows it gives: its predicates, its order, what it groups by. Only an expression sub-query carries it. */
  readonly control: () => Origins;
}

/** A table of a FROM clause as column references see it. */
export interface RangeItem {
  readonly alias: string;
  readonly schema?: string | undefined;
  readonly columns: readonly OutputColumn[];
  /** Set where any further column that is named derives from this (`unnest` of composite values). */
  readonly others?: Origins | undefined;
}

/** An entry of a FROM clause: the tables in it, and what a star makes of it. */
export interface FromPart {
  readonly items: readonly RangeItem[];
  readonly columns: readonly OutputColumn[];
  readonly isOrdered: boolean;
  readonly control: () => Origins;
}

/** What names mean at a place of a query. */
export interface Scope {
  readonly parent: Scope | undefined;
  readonly queries: ReadonlyMap<string, Pick<QueryOutput, 'columns' | 'isOrdered' | 'control'>>;
  readonly parts: readonly FromPart[];
  readonly windows: ReadonlyMap<string, SqlTree>;
}

/** What the analysis of one statement knows. */
export interface Analysis {
  /** The relation of a name in SQL; undefined where it is not known. */
  readonly findRelation: (name: {
    readonly database?: string | undefined;
    readonly schema?: string | undefined;
    readonly name: string;
  }) => KnownRelation | undefined;
  readonly declassifiers: readonly Declassifier[];
  /** Functions, beside PostgreSQL's own, that compute from their arguments alone. */
  readonly functions: ReadonlySet<string>;
  /** Throws Untraceable at a byte of the SQL. */
  readonly fail: (message: string, byte: number | undefined) => never;
}

/** The columns of a known relation. */
export function relationColumns(
  relation: KnownRelation,
  originsOfColumn: (column: string) => Origins,
  byte: number,
): readonly OutputColumn[] {
  const names = relation.isOpen ? [...relation.columns, '*'] : relation.columns;
  return names.map((name) => ({ name, origins: originsOfColumn(name), byte }));
}
