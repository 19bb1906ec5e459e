import { ChemflowError } from '../error/index.js';
import type { Column, Session } from '../types/index.js';

const nameOfType = new Map<number, string>();

/** The columns of a query, without their types' lengths: a value that is too long for its column must differ and not be cut. Throws where two have one name. */
export async function describeQuery(session: Session, sql: string): Promise<Column[]> {
  const { columns } = await session.query(`select * from (\n${sql}\n) as described limit 0`);
  const unknown = [...new Set(columns.map(({ typeOid }) => typeOid))].filter(
    (oid) => oid >= 16_384 || !nameOfType.has(oid),
  );
  const names = new Map(nameOfType);
  if (unknown.length > 0) {
    const rows = await session.rows<{ oid: number; name: string }>(
      'select oid::int8::float8 as oid, pg_catalog.format_type(oid, -1) as name from unnest($1::oid[]) as oid',
      [unknown],
    );
    for (const { oid, name } of rows) {
      names.set(Number(oid), name);
      // Types of a database's own are numbered anew in each.
      if (Number(oid) < 16_384) nameOfType.set(Number(oid), name);
    }
  }
  const twice = columns.find((column, index) => columns.findIndex(({ name }) => name === column.name) !== index);
  if (twice !== undefined)
    throw new ChemflowError({
      code: 'UNIT_TEST.COLUMN',
      message: `The query gives two columns named "${twice.name}".`,
      exitCode: 1,
    });
  return columns.map(({ name, typeOid }) => ({ name, dataType: names.get(typeOid) ?? 'text' }));
}
