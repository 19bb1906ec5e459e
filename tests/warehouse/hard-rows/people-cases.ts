import { day, formatInstant, hour } from '../../../src/util/instant.js';
import { ago, moment, type RowList } from './row-list.js';

/** More than blank to a reader of ASCII only: a no-break space and an ideographic one. */
const wideBlank = '\u00a0\u3000';

/** Names, e-mail, places and profiles at the edges of the rules. */
export function addPeopleCases(list: RowList): void {
  const at = ago(100);
  list.person({ at }, { name: null, first_name: null, last_name: null, email: null });
  list.person({ at }, { name: ' ', first_name: '\t\n', last_name: wideBlank, email: '  ', linked_in_url: wideBlank });
  for (const email of ['no-at-sign', 'ends.at@', '@starts.example', 'Two@Signs@Example.COM', ' padded@Example.com ']) {
    list.person({ at }, { email });
  }
  // Test accounts without regard to case; an e-mail that only resembles one.
  const tester = list.person({ at }, { email: 'GHOST.Writer@Anywhere.Example' });
  list.person({ at }, { email: 'a+TEST@somewhere.example', has_finder: true });
  list.person({ at }, { email: 'not.a.ghost@somewhere.example', has_finder: null });
  list.deed('post', tester, { at: ago(50) }, { type: 'text', content: 'by a test account' });
  // Headlines of ten, eleven and blank characters, counted as characters.
  for (const headline of [
    '1234567890',
    '12345678901',
    '🧪🧪🧪🧪🧪🧪',
    '🧪🧪🧪🧪🧪🧪🧪🧪🧪🧪🧪',
    '             ',
    wideBlank.repeat(8),
  ]) {
    list.person({ at }, { headline_description: headline });
  }
  const places = ['', '  ', null, wideBlank, 'Chile', 'chile', 'Unknown'].map((country) =>
    list.add('chemlink.locations', { at: ago(300) }, { country, city: country === '' ? ' ' : 'Santiago' }),
  );
  const closed = list.add(
    'chemlink.locations',
    { at: ago(300), deletedAt: ago(10) },
    { country: 'Peru', city: 'Lima' },
  );
  const future = list.add('chemlink.locations', { at: ago(-1) }, { country: 'Bolivia', city: 'La Paz' });
  for (const location of [...places, closed, future, '8999999']) {
    const person = list.person({ at }, { location_id: Number(location) });
    list.deed('view', person, { at: ago(20) });
  }
  // Signed up, deleted and seen on one instant; deleted at, after and before what they did.
  list.person({ at, deletedAt: at });
  list.deed('vote', list.person({ at, deletedAt: ago(40) }), { at: ago(40) }, { type: 'upvote', search_key: 'a' });
  const left = list.person({ at, deletedAt: ago(40) });
  list.deed('vote', left, { at: ago(40, 1) }, { type: 'upvote', search_key: 'a' });
  list.deed('collection', left, { at: ago(39) }, { privacy: 'PUBLIC' });
  list.deed('post', left, { at: ago(60), deletedAt: ago(55) }, { type: 'link' });
  // Deletions at as_of have happened, later ones have not; so have and have not creations.
  for (const deletedAt of [ago(0), ago(0, -1)]) {
    const person = list.person({ at, deletedAt });
    list.deed('comment', person, { at: ago(5) });
    list.deed('comment', list.person({ at }), { at: ago(5), deletedAt });
  }
  for (const later of [ago(0), ago(0, -1)]) {
    list.deed('view', list.person({ at: later }), { at: later });
    list.deed('view', list.person({ at }), { at: later });
  }
  // Active before the sign-up only; long before anybody had signed up; in the second of the sign-up.
  const early = list.person({ at });
  list.deed('post', early, { at: at - 3 * day }, { type: 'job' });
  list.deed('vote', early, { at: at - hour }, { type: 'downvote', search_key: 'early' });
  list.deed('comment', list.person({ at }), { at });
  // The first sign-up of all is of 365 days ago (window-cases.ts).
  for (const days of [370, 366, 367, 800]) list.deed('collection', early, { at: ago(days) }, { privacy: 'PUBLIC' });
  list.deed('collection', list.person({ at, account: at + 2 * day }), { at: at - 1 }, { privacy: null });
  // An account that came after its first post, and after the moment of observation.
  const late = list.person({ at: ago(60), account: ago(20) });
  list.deed('post', late, { at: ago(58) }, { type: 'image', media_keys: ['a'] });
  list.deed('comment', late, { at: ago(10) });
  // updated_at before created_at, at it, and at as_of.
  for (const updated of [at - day, at, at + 1, ago(0), ago(0, -1)]) {
    list.person({ at }, { updated_at: formatInstant(updated) });
  }
  // The last and the first instant of local days in Chile, where Saturdays of 25 and 23 hours end.
  for (const text of [
    '2025-04-05T03:00:00Z',
    '2025-04-06T02:59:59.999999Z',
    '2025-04-06T03:00:00Z',
    '2025-04-06T03:59:59.999999Z',
    '2025-04-06T04:00:00Z',
    '2025-09-07T03:59:59.999999Z',
    '2025-09-07T04:00:00Z',
    '2025-09-08T02:59:59.999999Z',
    '2025-09-08T03:00:00Z',
    '2025-09-01T03:59:59.999999Z',
    '2025-09-01T04:00:00Z',
  ]) {
    const person = list.person({ at: moment(text) });
    for (const days of [0, 1, 7]) list.deed('vote', person, { at: moment(text) + days * day }, { type: 'upvote' });
  }
  addBulkSeconds(list);
}

/** A second with exactly as many updated people as bulk_update_threshold, and one with one more. */
function addBulkSeconds(list: RowList): void {
  for (const [second, people] of [
    ['2025-09-10T10:00:00', 100],
    ['2025-09-11T10:00:00', 101],
  ] as const) {
    for (let number = 0; number < people; number += 1) {
      const updated = `${second}.${String(number * 9000).padStart(6, '0')}Z`;
      list.person({ at: ago(30 + (number % 60)), account: null }, { updated_at: updated });
    }
    // No update: the row is as it was made.
    list.person({ at: moment(`${second}Z`), account: null }, { updated_at: `${second}Z` });
    // The next second is another one.
    list.person({ at: ago(40), account: null }, { updated_at: `${second.slice(0, -1)}1Z` });
  }
}
