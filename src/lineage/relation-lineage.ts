import type { ResourceId } from '../types/index.js';
import type { Origin } from './origins.js';

/** A column of a relation: what it derives from, and the kinds of personal data that it therefore carries. */
export interface RelationColumn {
  /** `*` stands for the columns that nobody declared. */
  readonly name: string;
  readonly origins: readonly Origin[];
  readonly kinds: readonly string[];
  /** Kinds that its own `meta: {pii}` declares. */
  readonly declared: readonly string[];
  /** Offset in the compiled SQL where it is written. */
  readonly offset: number;
}

/** The columns of a source table, a seed, a snapshot or a model. */
export interface RelationLineage {
  readonly id: ResourceId;
  /** Where its columns come from: `declared` in YAML, or `followed` through SQL. */
  readonly how: 'source' | 'seed' | 'followed' | 'declared';
  readonly columns: readonly RelationColumn[];
  /** Do the columns stand in the table as they stand in the list? */
  readonly isOrdered: boolean;
  /** Why its SQL cannot be followed, and where in it. */
  readonly problem?: { readonly message: string; readonly offset: number } | undefined;
  /** The SQL that was followed. */
  readonly sql?: string | undefined;
}
