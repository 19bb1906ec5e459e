import type { Json, Session } from '../types/index.js';
import { quoteIdentifier } from '../util/sql-text.js';

/** A row to write: its columns' values as JSON. */
export type ChangedRow = Readonly<Record<string, Json>>;

function columnsOf(rows: readonly ChangedRow[]): string[] {
  return Object.keys(rows[0] ?? {});
}

/** Inserts rows that all have the first one's columns. */
export async function insertRows(session: Session, table: string, rows: readonly ChangedRow[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = columnsOf(rows).map(quoteIdentifier).join(', ');
  await session.query(
    `insert into ${table} (${columns}) select ${columns} from json_populate_recordset(null::${table}, $1::json)`,
    [JSON.stringify(rows)],
  );
}

/** Updates rows by `id`; all have the first one's columns, and no id comes twice. */
export async function updateRows(session: Session, table: string, rows: readonly ChangedRow[]): Promise<void> {
  if (rows.length === 0) return;
  const changes = columnsOf(rows)
    .filter((column) => column !== 'id')
    .map((column) => `${quoteIdentifier(column)} = change.${quoteIdentifier(column)}`)
    .join(', ');
  await session.query(
    `update ${table} as row set ${changes} from json_populate_recordset(null::${table}, $1::json) as change where row.id = change.id`,
    [JSON.stringify(rows)],
  );
}

/** Ids of `count` rows that hold a condition, the same ones for the same key. */
export async function chooseIds(
  session: Session,
  table: string,
  condition: string,
  count: number,
  key: string,
): Promise<string[]> {
  const { rows } = await session.query(
    `select id from ${table} where ${condition} order by md5(id::text || $1), id limit ${count}`,
    [key],
  );
  return rows.map(([id]) => id ?? '');
}

/** Deletes rows for good. */
export async function deleteRows(session: Session, table: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await session.query(`delete from ${table} where id::text = any($1)`, [ids]);
}
