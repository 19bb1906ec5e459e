import type { ConnectionSettings } from '../../../src/types/index.js';
import { queryOnce } from '../../support/database.js';

/** Rows made by hand have ids from here on. */
const byHand = 'id > 9000000';
const some = (table: string, place: number, condition = byHand): string =>
  `id = (select id from ${table} where ${condition} order by id offset ${place} limit 1)`;

/** Changes that reach into the past: what is gone, undone, linked anew, or makes a second a bulk import afterwards. */
export async function changeHardRows(chemlink: ConnectionSettings, engagement: ConnectionSettings): Promise<void> {
  const deleted = [
    'experiences',
    'education',
    'companies',
    'roles',
    'degrees',
    'locations',
    'collections',
    'query_votes',
  ];
  await queryOnce(
    chemlink,
    [
      'set session_replication_role = replica',
      ...['collection_collaborators', 'embeddings', 'query_embeddings', 'glossary', ...deleted].map(
        (table) => `delete from ${table} where ${some(table, 0)} or ${some(table, 3)}`,
      ),
      // Somebody with votes is gone without a trace; somebody else, and what hangs on a third, comes back.
      `delete from persons where id = (select min(voter_id) from query_votes where voter_id > 9000000 and deleted_at is null)`,
      `update persons set deleted_at = null, updated_at = '2025-09-21 01:00Z' where ${some('persons', 1, `${byHand} and deleted_at is not null`)}`,
      `update experiences set deleted_at = null where ${some('experiences', 0, `${byHand} and deleted_at is not null`)}`,
      // One more person in the second of the hundred.
      `update persons set updated_at = '2025-09-10 10:00:00.95Z' where ${some('persons', 0, `${byHand} and has_finder`)}`,
      // Patterns of test accounts look at the latest e-mail.
      `update persons set email = 'ghost.since@now.example' where ${some('persons', 40)}`,
      `update persons set email = 'nobody@now.example' where email = 'GHOST.Writer@Anywhere.Example'`,
      `update locations set country = 'Chile (renamed)' where country = 'Chile'`,
      `update companies set name = 'Renamed' where name = 'Closed'`,
      // Back-dated.
      `insert into view_access (id, person_id, created_at, updated_at)
       select 9900000 + row_number() over (order by id), id, created_at + interval '3 days', created_at from persons where ${byHand} order by id limit 60`,
      `update query_votes set created_at = created_at - interval '10 days' where ${some('query_votes', 5)}`,
    ].join(';\n'),
  );
  const account = `id::text like '9e%' and external_id like '9a%'`;
  await queryOnce(
    engagement,
    [
      'set session_replication_role = replica',
      ...['posts', 'comments', 'group_members', 'mentions'].map(
        (table) =>
          `delete from ${table} where ${some(table, 0, `id::text like '9e%'`)} or ${some(table, 4, `id::text like '9e%'`)}`,
      ),
      `update posts set deleted_at = null, type = 'link' where id::text like '9e%' and deleted_at is not null and type = 'text'`,
      // Two accounts change owners, one has none any more, one is gone.
      `update persons p set external_id = upper(other.external_id)
       from (select id, external_id, row_number() over (order by id) as place from persons where ${account}) as own
       join (select external_id, row_number() over (order by id) as place from persons where ${account}) as other
         on (own.place, other.place) in ((10, 60), (60, 10))
       where p.id = own.id`,
      `update persons set external_id = null where ${some('persons', 20, account)}`,
      `delete from persons where ${some('persons', 30, account)}`,
    ].join(';\n'),
  );
}
