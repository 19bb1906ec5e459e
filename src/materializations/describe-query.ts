import type { Column, Session } from '../types/index.js';
import type { BuildContext } from './types.js';
import { quoteIdentifier } from '../util/sql-text.js';
import { temporaryRelation } from './relation-names.js';

/** The columns of a relation by name, in order. */
export async function columnsOf(session: Session, schema: string, identifier: string): Promise<Column[]> {
  const rows = await session.rows<{ name: string; type: string }>(
    `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type from pg_attribute a
where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    [`${quoteIdentifier(schema)}.${quoteIdentifier(identifier)}`],
  );
  return rows.map((row) => ({ name: row.name, dataType: row.type }));
}

/** The columns that the node's SQL gives, found without running it: a temporary view is made of it and dropped again. */
export async function describeQuery(context: BuildContext): Promise<Column[]> {
  const probe = quoteIdentifier(temporaryRelation(context.relation, '__chemflow_probe').identifier);
  const result = await context.session.query(
    [
      `create temporary view ${probe} as\n${context.sql}\n`,
      `create temporary table chemflow_probed on commit drop as select a.attname::text, format_type(a.atttypid, a.atttypmod) as type, a.attnum from pg_attribute a where a.attrelid = 'pg_temp.${probe.replaceAll("'", "''")}'::regclass and a.attnum > 0`,
      `drop view pg_temp.${probe}`,
      'select attname, type from chemflow_probed order by attnum',
    ].join(';\n'),
  );
  return result.rows.map(([name, type]) => ({ name: name ?? '', dataType: type ?? '' }));
}

/** PostgreSQL's own words for the node's query and for the one that a standing materialized view has: equal for equal meaning. */
export async function hasSameQuery(context: BuildContext): Promise<boolean> {
  const probe = quoteIdentifier(temporaryRelation(context.relation, '__chemflow_probe').identifier);
  const standing = `${quoteIdentifier(context.relation.schema)}.${quoteIdentifier(context.relation.identifier)}`;
  const literal = (name: string): string => `'${name.replaceAll("'", "''")}'::regclass`;
  const result = await context.session.query(
    [
      `create temporary view ${probe} as\n${context.sql}\n`,
      `select set_config('chemflow.same_query', (pg_get_viewdef(${literal(`pg_temp.${probe}`)}) = pg_get_viewdef(${literal(standing)}))::text, false)`,
      `drop view pg_temp.${probe}`,
      "select current_setting('chemflow.same_query')",
    ].join(';\n'),
  );
  return result.rows[0]?.[0] === 'true';
}

/** Columns in words: `a integer, b text`, or `none`. */
export function describeColumns(columns: readonly Column[]): string {
  return columns.map((column) => `${column.name} ${column.dataType}`).join(', ') || 'none';
}
