import { day, hour, minute, type Instant } from '../util/instant.js';
import { countAround, integerBetween, randomFor, type Random } from '../util/random.js';
import { momentOf, type Person } from './people.js';
import type { World } from './world.js';

/** The kinds of rows that people leave behind. */
export type Deed = 'post' | 'comment' | 'group_join' | 'vote' | 'collection' | 'collection_add' | 'view';

const perDay: Readonly<Record<'finder' | 'lively' | 'returning' | 'ghost' | 'tester', Readonly<Record<Deed, number>>>> =
  {
    finder: { post: 0.12, comment: 0.3, group_join: 0.05, vote: 1.6, collection: 0.2, collection_add: 1.1, view: 4 },
    lively: { post: 0.5, comment: 1.4, group_join: 0.1, vote: 0.1, collection: 0.06, collection_add: 0.2, view: 0.8 },
    returning: {
      post: 0.25,
      comment: 0.7,
      group_join: 0.2,
      vote: 0.2,
      collection: 0.1,
      collection_add: 0.1,
      view: 0.6,
    },
    ghost: { post: 14, comment: 19, group_join: 0.4, vote: 0.1, collection: 0.05, collection_add: 0.1, view: 1 },
    tester: { post: 1, comment: 1, group_join: 0.5, vote: 0.5, collection: 0.3, collection_add: 0.5, view: 2 },
  };

/** Of what a curious newcomer does in a visit or two. */
const curiousShares: readonly (readonly [Deed, number])[] = [
  ['view', 0.34],
  ['comment', 0.2],
  ['group_join', 0.16],
  ['post', 0.14],
  ['collection', 0.06],
  ['vote', 0.05],
  ['collection_add', 0.05],
];

const isWeekend = (date: Instant): boolean => [0, 6].includes(new Date(date / 1000).getUTCDay());
const midnight = (instant: Instant): Instant => Math.floor(instant / day) * day;

/** Days on each of which somebody comes with a chance, less at the week's end. */
function regularDays(random: Random, from: Instant, to: Instant, chance: number): Instant[] {
  const days: Instant[] = [];
  for (let date = midnight(from); date < to; date += day) {
    if (random() < (isWeekend(date) ? chance * 0.35 : chance)) days.push(date);
  }
  return days;
}

/** A few visits, the first `wait` after the sign-up. */
function visits(random: Random, from: Instant, count: number): Instant[] {
  const days: Instant[] = [];
  let date = from;
  for (let visit = 0; visit < count; visit += 1) {
    days.push(midnight(date));
    date += integerBetween(random, 1, 5) * day;
  }
  return days;
}

/** The days (UTC midnights, in order) on which a person is there. */
export function activeDays(world: World, person: Person): readonly Instant[] {
  const random = randomFor(world.seed, 'days', person.number);
  const start = person.signedUpAt;
  const days: Instant[] = [];
  if (person.early) days.push(midnight(start - integerBetween(random, day, 20 * day)));
  switch (person.kind) {
    case 'idle':
      break;
    case 'finder': {
      const end = random() < 0.75 ? world.until : start + integerBetween(random, 5, 60) * day;
      days.push(midnight(start), ...regularDays(random, start + day, end, 0.35));
      break;
    }
    case 'lively': {
      const end = random() < 0.6 || person.canary >= 0 ? world.until : start + integerBetween(random, 10, 90) * day;
      days.push(midnight(start), ...regularDays(random, start + day, end, 0.4));
      break;
    }
    case 'ghost':
      days.push(...regularDays(random, start, world.until, 0.55));
      break;
    case 'tester':
      days.push(...visits(random, start, integerBetween(random, 1, 3)));
      break;
    case 'curious': {
      const wait = random() < 0.7 ? integerBetween(random, 0, 6) : integerBetween(random, 7, 45);
      days.push(...visits(random, start + wait * day, integerBetween(random, 1, 2)));
      break;
    }
    case 'returning': {
      days.push(...visits(random, start + integerBetween(random, 0, 3) * day, integerBetween(random, 1, 4)));
      const silence = integerBetween(random, 25, 110) * day;
      days.push(...visits(random, start + 20 * day + silence, integerBetween(random, 1, 6)));
      break;
    }
  }
  return days;
}

function countOn(person: Person, deed: Deed, random: Random): number {
  if (person.kind === 'idle') return 0;
  if (person.kind !== 'curious') return countAround(random, perDay[person.kind][deed]);
  const share = curiousShares.find(([name]) => name === deed)?.[1] ?? 0;
  return countAround(random, share * 1.6);
}

/** The moments of a person's deeds of one kind, in no strict order; some lie before the sign-up, a few after `until`. */
export function momentsOf(world: World, person: Person, deed: Deed): readonly Instant[] {
  const isSocial = deed === 'post' || deed === 'comment' || deed === 'group_join';
  if (person.kind === 'idle' || (isSocial && person.engagementId === null)) return [];
  const random = randomFor(world.seed, deed, person.number);
  const moments: Instant[] = [];
  const signupDay = midnight(person.signedUpAt);
  for (const date of activeDays(world, person)) {
    const count = countOn(person, deed, random);
    for (let index = 0; index < count; index += 1) {
      let moment = momentOf(random, date, person.zone);
      if (date === signupDay) moment = person.signedUpAt + integerBetween(random, minute, 5 * hour);
      // Several rows of one transaction, in one table or in two, have the very same moment.
      if (random() < 0.02) moment = date + 12 * hour + 345_678;
      if (random() < 0.001) moment = world.until + integerBetween(random, minute, 300 * day);
      else if (moment > world.until) continue;
      moments.push(moment);
    }
  }
  return moments;
}
