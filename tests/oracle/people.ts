import { second, type Instant } from '../../src/util/instant.js';
import { compareTexts, isAlive, likeMatcher, lifeOf, notBlank, type Life } from './rows.js';
import { instantOf, type ChemlinkTable, type Row, type Sources } from './read-sources.js';

export const activityTypes = ['post', 'comment', 'group_join', 'vote', 'collection', 'collection_add', 'view'] as const;
export type ActivityType = (typeof activityTypes)[number];
export const eventTypes = [...activityTypes, 'profile_update'] as const;
export type EventType = (typeof eventTypes)[number];

/** What makes somebody activated. */
export const activating: ReadonlySet<EventType> = new Set<EventType>(['post', 'comment', 'vote', 'collection']);

/** One event of a person, with its row's own deletion. */
export interface Event extends Life {
  readonly id: string;
  readonly type: EventType;
  readonly source: 'chemlink' | 'engagement';
  readonly table: string;
  readonly rowId: string;
  /** The source row; of a profile update the person's, as it stands now. */
  readonly row: Row;
}

/** A source row that hangs on a person. */
export interface Child extends Life {
  readonly row: Row;
}

/** A ChemLink person with all that hangs on it, whatever the moment. */
export interface Person extends Life {
  readonly key: string;
  readonly id: string;
  readonly row: Row;
  readonly isTest: boolean;
  readonly email: string | null;
  readonly country: string | null;
  readonly link: { readonly id: string; readonly createdAt: Instant } | undefined;
  /** All activities and profile updates of any moment, in order of time and then event id. */
  readonly events: readonly Event[];
  readonly experiences: readonly Child[];
  readonly education: readonly Child[];
  readonly languages: readonly Child[];
  readonly embeddings: readonly Child[];
  readonly mentions: readonly Life[];
}

/** A row that belongs to nobody. */
export interface Orphan {
  readonly source: 'chemlink' | 'engagement';
  readonly table: string;
  readonly id: string;
  readonly reason: string;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const chemlinkActivities: readonly (readonly [ActivityType, ChemlinkTable, string])[] = [
  ['vote', 'query_votes', 'voter_id'],
  ['collection', 'collections', 'person_id'],
  ['collection_add', 'collection_profiles', 'added_by'],
  ['view', 'view_access', 'person_id'],
];
const engagementActivities = [
  ['post', 'posts'],
  ['comment', 'comments'],
  ['group_join', 'group_members'],
] as const;

/** Adds a value to the list of a key. */
export function addTo<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** `YYYY-MM-DDTHH:MM:SS.ffffffZ`. */
function isoMicroseconds(instant: Instant): string {
  const date = new Date(Math.floor(instant / 1000)).toISOString().slice(0, 19);
  return `${date}.${String(((instant % second) + second) % second).padStart(6, '0')}Z`;
}

/** Which engagement person belongs to whom, and why one belongs to nobody; accounts created after as_of are absent. */
function linkAccounts(sources: Sources, chemlinkKeys: ReadonlySet<string>, asOf: Instant) {
  const owners = new Map<string, string>();
  const reasons = new Map<string, string>();
  const candidates = new Map<string, { id: string; createdAt: Instant }[]>();
  for (const row of sources.engagement.persons) {
    const { createdAt } = lifeOf(row);
    if (createdAt > asOf) continue;
    const id = row['id'] ?? '';
    const external = notBlank(row['external_id']);
    if (external === null) reasons.set(id, 'external_id_null');
    else if (!uuid.test(external)) reasons.set(id, 'external_id_malformed');
    else if (!chemlinkKeys.has(external.toLowerCase())) reasons.set(id, 'external_id_unmatched');
    else addTo(candidates, external.toLowerCase(), { id, createdAt });
  }
  const links = new Map<string, { id: string; createdAt: Instant }>();
  for (const [key, accounts] of candidates) {
    accounts.sort((left, right) => left.createdAt - right.createdAt || compareTexts(left.id, right.id));
    for (const [index, account] of accounts.entries()) {
      if (index > 0) reasons.set(account.id, 'duplicate_external_id');
      else {
        links.set(key, account);
        owners.set(account.id, key);
      }
    }
  }
  return { owners, reasons, links };
}

/** Profile updates by persons.id: later than the person's creation, and no bulk import. */
function profileUpdates(sources: Sources, bulkThreshold: number): Map<string, Instant[]> {
  const created = new Map(sources.chemlink.persons.map((row) => [row['id'] ?? '', lifeOf(row).createdAt]));
  const updates = new Map<string, Instant[]>();
  const bySecond = new Map<number, Set<string>>();
  for (const entry of sources.updatesSeen) {
    const [id = '', text = ''] = entry.split(' ');
    const at = Number(text);
    const createdAt = created.get(id);
    if (createdAt === undefined || at <= createdAt) continue;
    addTo(updates, id, at);
    const key = Math.floor(at / second);
    const persons = bySecond.get(key) ?? new Set<string>();
    bySecond.set(key, persons.add(id));
  }
  for (const [id, list] of updates) {
    updates.set(
      id,
      list.filter((at) => (bySecond.get(Math.floor(at / second))?.size ?? 0) <= bulkThreshold),
    );
  }
  return updates;
}

/** Everything about people as of a moment, and the rows that belong to nobody. */
export function gatherPeople(
  sources: Sources,
  settings: { readonly asOf: Instant; readonly bulkThreshold: number },
): { readonly people: readonly Person[]; readonly orphans: readonly Orphan[] } {
  const { asOf } = settings;
  const persons = sources.chemlink.persons.filter((row) => lifeOf(row).createdAt <= asOf);
  const keyOfId = new Map(persons.map((row) => [row['id'] ?? '', row['person_id'] ?? '']));
  const rowOfId = new Map(persons.map((row) => [row['id'] ?? '', row]));
  const { owners, reasons, links } = linkAccounts(sources, new Set(keyOfId.values()), asOf);
  const isTest = likeMatcher(sources.testPatterns);
  const events = new Map<string, Event[]>();
  const orphans: Orphan[] = [];
  const orphan = (source: Orphan['source'], table: string, row: Row, reason: string): void => {
    if (isAlive(lifeOf(row), asOf)) orphans.push({ source, table, id: row['id'] ?? '', reason });
  };

  for (const [type, table, column] of chemlinkActivities) {
    for (const row of sources.chemlink[table]) {
      const key = keyOfId.get(row[column] ?? '');
      const rowId = row['id'] ?? '';
      if (key === undefined) orphan('chemlink', table, row, 'person_missing');
      else
        addTo(events, key, {
          id: `chemlink.${table}:${rowId}`,
          type,
          source: 'chemlink',
          table,
          rowId,
          row,
          ...lifeOf(row),
        });
    }
  }
  for (const [type, table] of engagementActivities) {
    for (const row of sources.engagement[table]) {
      const account = row['person_id'] ?? '';
      const key = owners.get(account);
      const rowId = row['id'] ?? '';
      if (key === undefined) orphan('engagement', table, row, reasons.get(account) ?? 'person_missing');
      else
        addTo(events, key, {
          id: `engagement.${table}:${rowId}`,
          type,
          source: 'engagement',
          table,
          rowId,
          row,
          ...lifeOf(row),
        });
    }
  }
  for (const row of sources.engagement.persons) {
    const reason = reasons.get(row['id'] ?? '');
    if (reason !== undefined) orphan('engagement', 'persons', row, reason);
  }
  for (const [id, moments] of profileUpdates(sources, settings.bulkThreshold)) {
    const key = keyOfId.get(id);
    if (key === undefined) continue;
    for (const at of moments) {
      addTo(events, key, {
        id: `chemlink.persons:${id}:${isoMicroseconds(at)}`,
        type: 'profile_update',
        source: 'chemlink',
        table: 'persons',
        rowId: id,
        row: rowOfId.get(id) ?? {},
        createdAt: at,
        deletedAt: undefined,
      });
    }
  }

  const children = (table: 'experiences' | 'education' | 'person_languages' | 'embeddings'): Map<string, Child[]> => {
    const lives = new Map<string, Child[]>();
    for (const row of sources.chemlink[table]) {
      const key = keyOfId.get(row['person_id'] ?? '');
      if (key !== undefined) addTo(lives, key, { row, ...lifeOf(row) });
      else if (table !== 'embeddings') orphan('chemlink', table, row, 'person_missing');
    }
    return lives;
  };
  const experiences = children('experiences');
  const education = children('education');
  const languages = children('person_languages');
  const embeddings = children('embeddings');
  const mentions = new Map<string, Life[]>();
  for (const row of sources.engagement.mentions) {
    const key = owners.get(row['mentioned_person_id'] ?? '');
    if (key !== undefined) addTo(mentions, key, lifeOf(row));
  }
  const countries = new Map(
    sources.chemlink.locations
      .filter((row) => lifeOf(row).createdAt <= asOf)
      .map((row) => [row['id'] ?? '', notBlank(row['country'])]),
  );

  const people = persons.map((row): Person => {
    const key = row['person_id'] ?? '';
    const email = notBlank(row['email']);
    return {
      key,
      id: row['id'] ?? '',
      row,
      ...lifeOf(row),
      isTest: email !== null && isTest(email),
      email,
      country: countries.get(row['location_id'] ?? '') ?? null,
      link: links.get(key),
      events: (events.get(key) ?? []).sort(
        (left, right) => left.createdAt - right.createdAt || compareTexts(left.id, right.id),
      ),
      experiences: experiences.get(key) ?? [],
      education: education.get(key) ?? [],
      languages: languages.get(key) ?? [],
      embeddings: embeddings.get(key) ?? [],
      mentions: mentions.get(key) ?? [],
    };
  });
  return { people, orphans };
}

/** The score of a profile from person columns, as they stand in a row. */
export function columnScore(row: Row): number {
  const has = (column: string): boolean => notBlank(row[column]) !== null;
  const headline = notBlank(row['headline_description']);
  return (
    (has('first_name') ? 10 : 0) +
    (has('last_name') ? 10 : 0) +
    (has('email') ? 10 : 0) +
    (headline !== null && Array.from(headline).length > 10 ? 15 : 0) +
    (has('linked_in_url') ? 10 : 0) +
    (has('location_id') ? 10 : 0)
  );
}

/** posts x 3 + comments x 2 + votes + collections x 5. */
export function engagementScore(count: (type: EventType) => number): number {
  return count('post') * 3 + count('comment') * 2 + count('vote') + count('collection') * 5;
}

/** The level of a score and the activities behind it. */
export function engagementLevel(count: (type: EventType) => number): string {
  const score = engagementScore(count);
  if (score >= 50) return 'POWER_USER';
  if (score >= 20) return 'ACTIVE';
  if (['post', 'comment', 'vote', 'collection'].some((type) => count(type as EventType) > 0)) return 'CASUAL';
  return activityTypes.some((type) => count(type) > 0) ? 'LURKER' : 'INACTIVE';
}

/** A counter of events by type. */
export function countByType(events: readonly Event[]): (type: EventType) => number {
  const counts = new Map<EventType, number>();
  for (const { type } of events) counts.set(type, (counts.get(type) ?? 0) + 1);
  return (type) => counts.get(type) ?? 0;
}

/** has_finder of a row; null is false. */
export const hasFinder = (row: Row): boolean => row['has_finder'] === 't';

export { instantOf };
