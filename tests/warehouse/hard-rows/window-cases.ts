import { day, formatInstant, hour } from '../../../src/util/instant.js';
import { ago, type HardPerson, type RowList } from './row-list.js';

/** Moments on the exact boundary of every window, and a microsecond to either side. */
export function addWindowCases(list: RowList): void {
  const around = [-1, 0, 1] as const;
  const year = ago(365);
  // Lifecycle: the last activity or the sign-up 7, 30 and 90 times 24 hours ago.
  for (const days of [7, 30, 90]) {
    for (const microseconds of around) {
      list.person({ at: ago(days, microseconds) });
      list.deed('group_join', list.person({ at: year }), { at: ago(days, microseconds) }, { confirmed_at: null });
      list.deed('vote', list.person({ at: year }), { at: ago(days, microseconds) }, { type: 'abstain' });
    }
  }
  // Freshness: the last profile update 90 and 180 times 24 hours ago.
  for (const days of [90, 180]) {
    for (const microseconds of around) {
      list.person({ at: year }, { updated_at: formatInstant(ago(days, microseconds)) });
      list.person({ at: ago(days, microseconds) });
    }
  }
  // Activation and silences: so long after the sign-up, or after the activity before.
  for (const days of [1, 7, 30, 90]) {
    for (const microseconds of around) {
      const length = days * day + microseconds;
      list.deed('collection', list.person({ at: year }), { at: year + length }, { privacy: 'PRIVATE' });
      const silent = list.person({ at: year });
      list.deed('view', silent, { at: year + hour });
      list.deed('comment', silent, { at: year + hour + length });
    }
  }
  addObservationCases(list);
  addTies(list);
}

/** Observation and label windows that end at as_of or a microsecond to either side, and what lies on their bounds. */
function addObservationCases(list: RowList): void {
  for (const days of [7, 30, 37, 120]) {
    for (const microseconds of [-1, 0, 1]) list.person({ at: ago(days, microseconds) });
  }
  const at = ago(150);
  const deedsAt = (person: HardPerson, days: number): void => {
    for (const microseconds of [-1, 0, 1]) list.deed('view', person, { at: at + days * day + microseconds });
  };
  for (const days of [7, 14, 28, 30, 37, 120]) deedsAt(list.person({ at }), days);
  // Deleted on the moment of observation, within the label window, at its end; so is what they did.
  for (const days of [7, 30, 37, 60, 120]) {
    for (const microseconds of [-1, 0, 1]) {
      const deletedAt = at + days * day + microseconds;
      const leaving = list.person({ at, deletedAt });
      list.deed('vote', leaving, { at: at + 10 * day }, { type: 'upvote' });
      list.deed('vote', leaving, { at: deletedAt }, { type: 'upvote' });
      list.deed('post', list.person({ at }), { at: at + 3 * day, deletedAt }, { type: 'text' });
      list.deed('post', list.person({ at, account: deletedAt }), { at: at + 8 * day }, { type: 'text' });
    }
  }
  // A power user only within the label window, one already before it, one by deleted posts.
  for (const [start, isDeleted] of [
    [31, false],
    [2, false],
    [31, true],
  ] as const) {
    const person = list.person({ at });
    for (let number = 0; number < 17; number += 1) {
      const posted = at + (start + number) * day;
      list.deed('post', person, isDeleted ? { at: posted, deletedAt: posted + hour } : { at: posted }, {
        type: 'text',
      });
    }
  }
}

/** Everything at one instant, in an order that only event_id decides. */
function addTies(list: RowList): void {
  const at = ago(45);
  const all = ['view', 'vote', 'post', 'group_join', 'comment', 'collection_add', 'collection', 'vote', 'post'];
  for (const moment of [at, at + 2 * hour]) {
    const person = list.person({ at });
    for (const type of all) list.deed(type, person, { at: moment });
    for (const type of all) list.deed(type, person, { at: moment + 40 * day });
  }
}
