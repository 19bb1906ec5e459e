import type { Json, Session } from '../types/index.js';
import { formatInstant, minute, second } from '../util/instant.js';
import { countAround, integerBetween, pick, uuidFor } from '../util/random.js';
import type { Actor, Passage } from './passage.js';
import { chooseIds, deleteRows, insertRows, updateRows, type ChangedRow } from './change-rows.js';
import { dimensionKey } from './dimension-tables.js';
import type { Person } from './people.js';
import { personColumns, personRow } from './profile-tables.js';
import { freeText, headline, personName, typedDate } from './texts.js';

/** created_at and updated_at of a new row. */
export const fresh = (at: string): { created_at: string; updated_at: string } => ({ created_at: at, updated_at: at });

async function signUp(session: Session, passage: Passage): Promise<Actor[]> {
  const { world, random, mark } = passage;
  const { rows } = await session.query('select coalesce(max(id), 0) from persons');
  const last = Number(rows[0]?.[0] ?? 0);
  const actors: Actor[] = [];
  const people: ChangedRow[] = [];
  for (let index = 0; index < passage.some(1.5); index += 1) {
    const number = last + index;
    const signedUpAt = integerBetween(random, passage.from + second, passage.to);
    const kind = random() < 0.02 ? 'finder' : random() < 0.03 ? 'tester' : 'idle';
    const person: Person = {
      ...{ number, kind, id: number + 1, personId: uuidFor(mark.seed, 'person_id', number) },
      ...{ signedUpAt, updatedAt: signedUpAt, deletedAt: null, engagementId: null, engagementAt: signedUpAt },
      ...{ externalId: null, canary: -1, early: false, zone: 0 },
    };
    const row = Object.fromEntries(
      personRow(world, person).map((value, place) => [personColumns[place], value ?? null]),
    );
    const profile = typeof row['profile'] === 'string' ? (JSON.parse(row['profile']) as Json) : null;
    people.push({ ...row, profile });
    actors.push({ id: String(person.id), personId: person.personId, hasFinder: kind === 'finder', isNew: true });
  }
  await insertRows(session, 'persons', people);
  await session.query(`select setval(pg_get_serial_sequence('persons', 'id'), max(id)) from persons`);
  return actors;
}

async function existingActors(session: Session, passage: Passage): Promise<Actor[]> {
  const { rows } = await session.query(
    `(select id, person_id, has_finder from persons where has_finder and deleted_at is null order by md5(id::text || $1) limit ${Math.max(5, Math.round(passage.mark.users * 0.006))})
     union all
     (select id, person_id, has_finder from persons where has_finder is not true and created_at <= $2::timestamptz order by md5(id::text || $1), id limit ${passage.some(3)})`,
    [passage.key, formatInstant(passage.from)],
  );
  return rows.map(([id, personId, hasFinder]) => ({
    id: id ?? '',
    personId: personId ?? '',
    hasFinder: hasFinder === 't',
    isNew: false,
  }));
}

async function act(session: Session, passage: Passage, actors: readonly Actor[]): Promise<void> {
  const { random } = passage;
  const views: ChangedRow[] = [];
  const votes: ChangedRow[] = [];
  const collections: ChangedRow[] = [];
  const searches: ChangedRow[] = [];
  const additions: ChangedRow[] = [];
  for (const { id, hasFinder } of actors) {
    const mean = (often: number, seldom: number): number =>
      countAround(random, (hasFinder ? often : seldom) * passage.days);
    for (let count = mean(1.5, 0.25); count > 0; count -= 1) {
      views.push({ person_id: id, type: 'PROFILE', metadata: { from: 'search' }, ...fresh(passage.moment()) });
    }
    for (let count = mean(0.7, 0.04); count > 0; count -= 1) {
      const key = `search-${integerBetween(random, 1, 40)}`;
      const at = fresh(passage.moment());
      votes.push({
        voter_id: id,
        profile_id: 1,
        type: 'upvote',
        score: 1,
        search_key: key,
        actual_query: freeText(random),
        ...at,
      });
      searches.push({ intent: pick(random, ['find_expert', 'hire', '']), embedded_text: freeText(random), ...at });
    }
    for (let count = mean(0.1, 0.02); count > 0; count -= 1) {
      collections.push({
        person_id: id,
        name: freeText(random),
        privacy: pick(random, ['PUBLIC', null]),
        ...fresh(passage.moment()),
      });
    }
    for (let count = mean(0.4, 0.02); count > 0; count -= 1) {
      additions.push({ collection_id: 1, person_id: 1, added_by: id, rank: 1, ...fresh(passage.moment()) });
    }
  }
  // A transaction that began before the last extraction could see it, and commits now.
  const [someone] = actors;
  if (someone !== undefined) {
    views.push({ person_id: someone.id, type: 'CONTACT', metadata: null, ...fresh(passage.late()) });
    additions.push({ collection_id: 1, person_id: 1, added_by: someone.id, rank: null, ...fresh(passage.late()) });
  }
  views.push({
    person_id: String(passage.mark.users + 3_000_000),
    type: null,
    metadata: {},
    ...fresh(passage.moment()),
  });
  await insertRows(session, 'view_access', views);
  await insertRows(session, 'query_votes', votes);
  await insertRows(session, 'query_embeddings', searches);
  await insertRows(session, 'collections', collections);
  await insertRows(session, 'collection_profiles', additions);
}

async function completeProfiles(session: Session, passage: Passage, actors: readonly Actor[]): Promise<void> {
  const { random, world } = passage;
  const experiences: ChangedRow[] = [];
  const education: ChangedRow[] = [];
  const languages: ChangedRow[] = [];
  for (const [index, { id }] of actors.entries()) {
    if (random() < 0.5) {
      const dates = { start_date: typedDate(random, false), end_date: typedDate(random, true) };
      const at = index % 7 === 0 ? passage.late() : passage.moment();
      experiences.push({
        person_id: id,
        company_id: dimensionKey(world, 'companies', random),
        role_id: 1,
        ...dates,
        ...fresh(at),
      });
      education.push({
        person_id: id,
        school_id: 1,
        degree_id: dimensionKey(world, 'degrees', random),
        ...dates,
        ...fresh(passage.moment()),
      });
    }
    if (random() < 0.2)
      languages.push({ person_id: id, language_id: 1, proficiency: 'basic', ...fresh(passage.moment()) });
  }
  await insertRows(session, 'experiences', experiences);
  await insertRows(session, 'education', education);
  await insertRows(session, 'person_languages', languages);
}

async function editPeople(session: Session, passage: Passage): Promise<void> {
  const { random, world, key } = passage;
  const count = passage.some(3) + 12;
  const ids = await chooseIds(session, 'persons', 'deleted_at is null', count, `${key} edit`);
  const together = formatInstant(integerBetween(random, passage.from + minute, passage.to));
  const words = ids.map((id, index): ChangedRow => {
    const { first, last } = personName(random);
    const at = index % 5 === 0 ? together : index % 11 === 1 ? passage.late() : passage.moment();
    return {
      id,
      first_name: first,
      last_name: last,
      headline_description: headline(random),
      location_id: dimensionKey(world, 'locations', random, 0.3),
      updated_at: at,
    };
  });
  await updateRows(session, 'persons', words);
  // Finder is switched on and off by another program, which forgets updated_at.
  const switched = await chooseIds(session, 'persons', 'deleted_at is null', 2, `${key} finder`);
  await session.query('update persons set has_finder = has_finder is not true where id::text = any($1)', [switched]);
  const [tester] = await chooseIds(session, 'persons', 'deleted_at is null', 1, `${key} tester`);
  if (tester !== undefined) {
    await updateRows(session, 'persons', [
      { id: tester, email: `Late.${tester}+TEST@mail.example`, updated_at: passage.moment() },
    ]);
  }
}

/** Tables whose rows are deleted softly, undeleted and deleted for good. */
const perishable = [
  'query_votes',
  'view_access',
  'collections',
  'collection_profiles',
  'experiences',
  'education',
  'person_languages',
];

async function deleteSome(session: Session, passage: Passage): Promise<void> {
  const { key, days } = passage;
  const soft = async (table: string, count: number): Promise<void> => {
    const condition = `deleted_at is null and created_at < '${formatInstant(passage.from)}'`;
    const ids = await chooseIds(session, table, condition, count, `${key} soft ${table}`);
    await updateRows(
      session,
      table,
      ids.map((id) => {
        const at = passage.moment();
        return { id, deleted_at: at, updated_at: at };
      }),
    );
  };
  for (const table of perishable) {
    await soft(table, passage.some(0.5));
    const back = await chooseIds(session, table, 'deleted_at is not null', 1, `${key} back ${table}`);
    await updateRows(
      session,
      table,
      back.map((id) => ({ id, deleted_at: null, updated_at: passage.moment() })),
    );
    await deleteRows(
      session,
      table,
      await chooseIds(session, table, 'true', passage.some(0.4), `${key} hard ${table}`),
    );
  }
  await soft('persons', passage.some(0.2));
  if (days >= 2)
    await deleteRows(session, 'persons', await chooseIds(session, 'persons', 'true', 1, `${key} hard persons`));
}

/** The days in the profile builder; resolves to those who act on the social platform too. */
export async function advanceProfiles(session: Session, passage: Passage): Promise<readonly Actor[]> {
  const signedUp = await signUp(session, passage);
  const actors = [...(await existingActors(session, passage)), ...signedUp.filter((_, index) => index % 4 === 0)];
  await act(session, passage, actors);
  await completeProfiles(session, passage, [...actors.slice(0, 30), ...signedUp]);
  await editPeople(session, passage);
  await deleteSome(session, passage);
  const known = new Set(actors.map((actor) => actor.id));
  return [...actors, ...signedUp.filter((actor) => !known.has(actor.id))];
}
