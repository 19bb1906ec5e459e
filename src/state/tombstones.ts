import type { Session, Tombstone } from '../types/index.js';

const insert = `
insert into chemflow.tombstones (source_name, source_table, key, run_id)
values ($1, $2, $3, $4)
on conflict (source_name, source_table, key) do nothing`;

const readAll = `
select source_name || '.' || source_table as person, key from chemflow.tombstones order by 1, 2`;

/** Notes in the session's transaction that somebody is forgotten. */
export async function writeTombstone(session: Session, tombstone: Tombstone, runId: string): Promise<void> {
  const [source, table] = tombstone.person.split('.');
  await session.query(insert, [source, table, tombstone.key, runId]);
}

/** Everybody who is forgotten, in whichever target. */
export function readTombstones(session: Session): Promise<readonly Tombstone[]> {
  return session.rows<Tombstone>(readAll);
}

/** Takes messages out of the history that quote one of the texts of a person (lower case, without quotes and backslashes): an error of PostgreSQL may show a row. */
export async function blotMessages(session: Session, texts: readonly string[]): Promise<void> {
  for (const table of ['chemflow.runs', 'chemflow.node_results'])
    await session.query(
      `update ${table} as t set message = 'quoted somebody who was forgotten since'
where exists (select from unnest($1::text[]) as wanted (text) where position(wanted.text in translate(lower(t.message), '"\\', '')) > 0)`,
      [texts],
    );
}
