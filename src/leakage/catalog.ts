import { ChemflowError } from '../error/index.js';
import { renderRelation } from '../materializations/index.js';
import type { Relation, Session } from '../types/index.js';
import type { InputColumn } from './input-tables.js';

// A domain is what it is based on, as far as other values of it are concerned.
const columnsQuery = `
select a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
  coalesce(b.typtype, t.typtype)::text as kind, coalesce(b.typcategory, t.typcategory)::text as category
from pg_attribute a
join pg_type t on t.oid = a.atttypid
left join pg_type b on b.oid = t.typbasetype and t.typtype = 'd'
where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped
order by a.attnum`;

/** The columns of a table that a check copies; throws LEAKAGE.NOT_BUILT where it is not there. */
export async function readInputColumns(
  session: Session,
  relation: Relation,
  label: string,
): Promise<readonly InputColumn[]> {
  const columns = await session.rows<InputColumn>(columnsQuery, [renderRelation(relation)]);
  if (columns.length > 0) return columns;
  throw new ChemflowError({
    code: 'LEAKAGE.NOT_BUILT',
    message: `${label} (${relation.schema}.${relation.identifier}) is not in the warehouse, and the check needs its rows.`,
    hint: 'chemflow run copies the sources and takes the snapshots',
  });
}

/** The types of a relation's columns by name. */
export async function readColumnTypes(session: Session, relation: Relation): Promise<ReadonlyMap<string, string>> {
  const columns = await session.rows<InputColumn>(columnsQuery, [renderRelation(relation)]);
  return new Map(columns.map(({ name, type }) => [name, type]));
}
