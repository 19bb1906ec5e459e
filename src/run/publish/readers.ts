import type { Session } from '../../types/index.js';
import { quoteLiteral } from '../../util/sql-text.js';

/**
 * Sessions of other programs whose snapshot is older than what was built: a REPEATABLE READ reader among them would find a renamed relation empty.
 * Only what the user may see in pg_stat_activity is found.
 */
export async function olderReaders(session: Session, build: string): Promise<string[]> {
  const result =
    await session.query(`select format('pid %s (%s, %s)', a.pid, a.usename, coalesce(nullif(a.application_name, ''), 'no application_name'))
from pg_stat_activity a
where a.datname = current_database() and a.pid <> pg_backend_pid() and a.backend_type = 'client backend'
  and a.backend_xmin is not null and a.application_name not like 'chemflow%'
  and age(a.backend_xmin) >= (select age(c.xmin) from pg_class c where c.oid = ${quoteLiteral(build)}::regclass)`);
  return result.rows.map(([reader]) => reader ?? '');
}
