/** What a relation is in PostgreSQL; `cte` is an ephemeral model's. */
export type RelationType = 'table' | 'view' | 'materialized_view' | 'cte' | 'external' | 'function';

/** A name in the analytics database. Plain data: the template's `Relation` object is made from it in `context/`. */
export interface Relation {
  readonly database: string;
  readonly schema: string;
  readonly identifier: string;
  readonly type?: RelationType | undefined;
}

/** A column as the catalog knows it; `dataType` is `format_type(atttypid, atttypmod)`. */
export interface Column {
  readonly name: string;
  readonly dataType: string;
  readonly notNull?: boolean | undefined;
}
