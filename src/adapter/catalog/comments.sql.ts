/** Comments on a relation ($1 oid) and on its columns. Columns: column (null: the relation), comment. */
export const commentsQuery = `
select a.attname as "column", d.description as comment
from pg_catalog.pg_description d
left join pg_catalog.pg_attribute a on a.attrelid = d.objoid and a.attnum = d.objsubid and d.objsubid > 0
where d.classoid = 'pg_catalog.pg_class'::regclass and d.objoid = $1::oid
order by d.objsubid`;

/** A row of {@link commentsQuery}. */
export interface CommentRow {
  readonly column: string | null;
  readonly comment: string;
}
