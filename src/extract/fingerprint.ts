import type { Session, SourceFingerprint } from '../types/index.js';

const database = `
select (select d.oid::text from pg_catalog.pg_database d where d.datname = current_database()) as "databaseOid",
       current_database()::text as "databaseName",
       pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'execute') as "mayReadControl"`;

/** Which server and database a session is connected to. */
export async function readFingerprint(session: Session): Promise<SourceFingerprint> {
  const [row] = await session.rows<{ databaseOid: string; databaseName: string; mayReadControl: boolean }>(database);
  if (row === undefined) throw new Error('no row from pg_database');
  const { databaseOid, databaseName } = row;
  if (!row.mayReadControl) return { systemIdentifier: null, databaseOid, databaseName };
  const { rows } = await session.query('select system_identifier from pg_catalog.pg_control_system()');
  return { systemIdentifier: rows[0]?.[0] ?? null, databaseOid, databaseName };
}

/** Are two fingerprints of the same database? A database may be renamed; where a server's identifier is hidden, the name counts. */
export function isSameSource(left: SourceFingerprint, right: SourceFingerprint): boolean {
  if (left.databaseOid !== right.databaseOid) return false;
  if (left.systemIdentifier !== null && right.systemIdentifier !== null)
    return left.systemIdentifier === right.systemIdentifier;
  return left.databaseName === right.databaseName;
}
