import type { Session } from '../types/index.js';
import { countAround, integerBetween, pick } from '../util/random.js';
import { fresh } from './advance-profiles.js';
import type { Actor, Passage } from './passage.js';
import { chooseIds, deleteRows, insertRows, updateRows, type ChangedRow } from './change-rows.js';
import { writtenExternalId } from './people.js';
import { freeText, personName } from './texts.js';

/** Accounts of those who have none yet: of most newcomers, and of some others. */
async function openAccounts(
  session: Session,
  passage: Passage,
  actors: readonly Actor[],
): Promise<Map<string, string>> {
  const { random } = passage;
  const found = await session.query(
    `select distinct on (lower(external_id)) lower(external_id), id from persons
     where lower(external_id) = any($1) order by lower(external_id), created_at, id`,
    [actors.map((actor) => actor.personId)],
  );
  const accounts = new Map(found.rows.map(([personId, id]) => [personId ?? '', id ?? '']));
  const opened: ChangedRow[] = [];
  for (const [index, actor] of actors.entries()) {
    if (accounts.has(actor.personId) || random() > (actor.isNew ? 0.7 : 0.3)) continue;
    const id = passage.uuid('account', index);
    const { first, last } = personName(random);
    const names = { first_name: first, last_name: last, email: `new${index}@mail.example` };
    opened.push({ id, external_id: writtenExternalId(actor.personId, random), ...names, ...fresh(passage.moment()) });
    accounts.set(actor.personId, id);
  }
  await insertRows(session, 'persons', opened);
  return accounts;
}

async function act(session: Session, passage: Passage, accounts: readonly string[]): Promise<void> {
  const { random, days } = passage;
  const groups = await chooseIds(session, 'groups', 'true', 20, passage.key);
  const postIds = await chooseIds(session, 'posts', 'deleted_at is null', 100, passage.key);
  const posts: ChangedRow[] = [];
  const comments: ChangedRow[] = [];
  const joins: ChangedRow[] = [];
  const mentions: ChangedRow[] = [];
  for (const account of accounts) {
    for (let count = countAround(random, 0.12 * days); count > 0; count -= 1) {
      const id = passage.uuid('post', posts.length);
      const type = pick(random, ['text', 'link', 'job']);
      const [at = '', deletion = ''] = [passage.moment(), passage.moment()].sort();
      posts.push({
        id,
        person_id: account,
        type,
        content: freeText(random),
        status: 'published',
        ...fresh(at),
        deleted_at: random() < 0.3 ? deletion : null,
      });
      postIds.push(id);
    }
    for (let count = countAround(random, 0.25 * days); count > 0 && postIds.length > 0; count -= 1) {
      const at = comments.length === 0 ? passage.late() : passage.moment();
      const id = passage.uuid('comment', comments.length);
      comments.push({
        id,
        post_id: pick(random, postIds),
        person_id: account,
        content: freeText(random),
        ...fresh(at),
      });
      if (random() < 0.3) {
        const mentioned = pick(random, accounts);
        mentions.push({
          id: passage.uuid('mention', mentions.length),
          mentioned_person_id: mentioned,
          mentioned_by_person_id: account,
          comment_id: id,
          created_at: at,
        });
      }
    }
    for (let count = countAround(random, 0.05 * days); count > 0 && groups.length > 0; count -= 1) {
      joins.push({
        id: passage.uuid('join', joins.length),
        group_id: pick(random, groups),
        person_id: account,
        role: 'MEMBER',
        ...fresh(passage.moment()),
      });
    }
  }
  await insertRows(session, 'posts', posts);
  await insertRows(session, 'comments', comments);
  await insertRows(session, 'group_members', joins);
  await insertRows(session, 'mentions', mentions);
}

/** Accounts that are linked anew: one to somebody else's person, one set right, one unlinked, one written in the other case. */
async function relink(session: Session, passage: Passage, actors: readonly Actor[]): Promise<void> {
  const { key } = passage;
  const wellFormed = `external_id ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'`;
  const [unlinked, recased, ...moved] = await chooseIds(session, 'persons', wellFormed, 4, `${key} relink`);
  const [mended] = await chooseIds(session, 'persons', 'external_id is null', 1, `${key} mend`);
  if (unlinked !== undefined) {
    await updateRows(session, 'persons', [{ id: unlinked, external_id: null, updated_at: passage.moment() }]);
  }
  if (recased !== undefined) {
    await session.query(
      `update persons as row set external_id = initcap(external_id)
       where id = $1 and not exists (select from persons as other where other.external_id = initcap(row.external_id))`,
      [recased],
    );
  }
  const [first, second] = moved;
  if (first !== undefined && second !== undefined) {
    // external_id is unique, so that two accounts change places in three steps.
    const { rows } = await session.query('select id, external_id from persons where id in ($1, $2)', [first, second]);
    const ids = new Map(rows.map(([id, externalId]) => [id ?? '', externalId ?? null]));
    await updateRows(session, 'persons', [{ id: first, external_id: null }]);
    await updateRows(session, 'persons', [{ id: second, external_id: ids.get(first) ?? null }]);
    await updateRows(session, 'persons', [{ id: first, external_id: ids.get(second) ?? null }]);
  }
  const target = actors.at(-1);
  if (mended !== undefined && target !== undefined) {
    await session.query(
      `update persons set external_id = $2 where id = $1 and not exists (select from persons where external_id = $2)`,
      [mended, target.personId],
    );
  }
}

async function deleteSome(session: Session, passage: Passage): Promise<void> {
  const { key, random } = passage;
  for (const table of ['posts', 'comments', 'group_members', 'mentions']) {
    const ids = await chooseIds(session, table, 'deleted_at is null', passage.some(1), `${key} soft ${table}`);
    await updateRows(
      session,
      table,
      ids.map((id) => ({ id, deleted_at: passage.moment() })),
    );
    const back = await chooseIds(session, table, 'deleted_at is not null', 2, `${key} back ${table}`);
    await updateRows(
      session,
      table,
      back.map((id) => ({ id, deleted_at: null })),
    );
    const gone = await chooseIds(
      session,
      table,
      'true',
      integerBetween(random, 2, 1 + passage.some(0.5)),
      `${key} hard ${table}`,
    );
    await deleteRows(session, table, gone);
  }
  const soft = await chooseIds(session, 'persons', 'deleted_at is null', passage.some(0.2), `${key} soft persons`);
  await updateRows(
    session,
    'persons',
    soft.map((id) => ({ id, deleted_at: passage.moment() })),
  );
  await deleteRows(session, 'persons', await chooseIds(session, 'persons', 'true', 1, `${key} hard persons`));
}

/** The days on the social platform, for those who were active in the profile builder and some of its own. */
export async function advanceSocial(session: Session, passage: Passage, actors: readonly Actor[]): Promise<void> {
  const accounts = await openAccounts(session, passage, actors);
  const others = await chooseIds(session, 'persons', 'true', passage.some(0.5), `${passage.key} others`);
  await act(session, passage, [...new Set([...accounts.values(), ...others])]);
  await relink(session, passage, actors);
  await deleteSome(session, passage);
}
