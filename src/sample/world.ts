import { day, hour, minute, type Instant } from '../util/instant.js';
import { hashOf } from '../util/random.js';

/** The default end of the sample: its clock after `sample create`. */
export const defaultUntil = '2026-03-20T12:00:00Z';
export const defaultUsers = 2100;
export const defaultSeed = 1;

/** Sign-ups of the five months for 2,100 accounts; the last seven have a creation time in the future. */
const monthShares = [1084, 175, 596, 139, 99] as const;
const futureShare = 7;
const wholeShare = 2100;

/** A month of sign-ups: people `first` to `first + count - 1` sign up between `from` and `to`. */
export interface SignupMonth {
  readonly first: number;
  readonly count: number;
  readonly from: Instant;
  readonly to: Instant;
}

/** What the sample is: fixed by users, seed and until. People are numbered from 0 in order of sign-up. */
export interface World {
  readonly users: number;
  readonly seed: number;
  readonly until: Instant;
  readonly months: readonly SignupMonth[];
  /** People from here on have signed up in the future. */
  readonly firstFuture: number;
  /** The second in which an import touched everybody's updated_at. */
  readonly bulkSecond: Instant;
  /** People below this number were touched by it. */
  readonly bulkTouched: number;
  readonly counts: Readonly<Record<'finder' | 'ghost' | 'tester' | 'lively' | 'returning', number>>;
}

function startOfMonth(instant: Instant, monthsBack: number): Instant {
  const date = new Date(instant / 1000);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - monthsBack, 1) * 1000;
}

/** Lays out the sample; `users` at least 1. */
export function createWorld(users: number, seed: number, until: Instant): World {
  const share = (part: number): number => Math.round((users * part) / wholeShare);
  const firstFuture = users - share(futureShare);
  const bulkTouched = Math.min(share(2084), firstFuture);
  const bulkSecond = Math.floor((until - 33 * hour) / (60 * minute)) * 60 * minute;
  const months: SignupMonth[] = [];
  let first = 0;
  let running = 0;
  for (const [index, part] of monthShares.entries()) {
    running += part;
    const isLast = index === monthShares.length - 1;
    const end = isLast ? firstFuture : Math.min(share(running), firstFuture);
    const begin = Math.min(startOfMonth(until, monthShares.length - 1 - index), bulkSecond - 3 * day);
    // The launch was on the third; before it there was nobody.
    const from = index === 0 ? begin + 2 * day + 8 * hour : begin;
    const to = isLast ? bulkSecond : Math.min(startOfMonth(until, monthShares.length - 2 - index), bulkSecond);
    // Whom the import did not touch came after it.
    const before = isLast ? Math.max(first, Math.min(end, bulkTouched)) : end;
    months.push({ first, count: before - first, from, to });
    if (isLast && before < end) {
      months.push({ first: before, count: end - before, from: bulkSecond + 5 * minute, to: until - minute });
    }
    first = end;
  }
  return {
    users,
    seed,
    until,
    months,
    firstFuture,
    bulkSecond,
    bulkTouched,
    counts: { finder: share(19), ghost: share(30), tester: share(17), lively: share(3), returning: share(10) },
  };
}

/** The number of the person chosen from the block `block` of `count` equal blocks: chosen people are spread evenly, and found without looking at the others. */
export function chosenPerson(world: World, purpose: string, count: number, block: number): number {
  const size = world.firstFuture / count;
  const begin = Math.floor(block * size);
  const end = Math.max(begin + 1, Math.floor((block + 1) * size));
  return begin + (hashOf(world.seed, purpose, block) % (end - begin));
}

/** Whether a person is one of the `count` chosen for a purpose. */
export function isChosen(world: World, purpose: string, count: number, person: number): boolean {
  if (count <= 0 || person >= world.firstFuture) return false;
  const size = world.firstFuture / count;
  const guess = Math.floor(person / size);
  for (let block = Math.max(0, guess - 1); block <= Math.min(count - 1, guess + 1); block += 1) {
    if (chosenPerson(world, purpose, count, block) === person) return true;
  }
  return false;
}
