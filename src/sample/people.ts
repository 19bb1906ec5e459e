import { day, hour, minute, second, type Instant } from '../util/instant.js';
import { integerBetween, randomFor, uuidFor, type Random } from '../util/random.js';
import { isChosen, type World } from './world.js';

/** How a person behaves. */
export type PersonKind = 'finder' | 'ghost' | 'tester' | 'lively' | 'returning' | 'curious' | 'idle';

/** A person's place in both databases and course of life; texts are made where rows are. */
export interface Person {
  readonly number: number;
  readonly kind: PersonKind;
  /** chemlink.persons.id. */
  readonly id: number;
  /** chemlink.persons.person_id. */
  readonly personId: string;
  readonly signedUpAt: Instant;
  readonly updatedAt: Instant;
  readonly deletedAt: Instant | null;
  /** The account of the social platform, if there is one. */
  readonly engagementId: string | null;
  readonly engagementAt: Instant;
  /** external_id as stored there. */
  readonly externalId: string | null;
  /** Index into canaries, or -1. */
  readonly canary: number;
  /** Whether some activity lies before the sign-up. */
  readonly early: boolean;
  /** Hours that the person's day is ahead of UTC. */
  readonly zone: number;
}

/** Canaries are the people with these numbers (in a sample large enough). */
const canaryNumbers = [3, 20, 41];

function kindOf(world: World, person: number, random: Random): PersonKind {
  const { counts } = world;
  if (person >= world.firstFuture) return 'idle';
  if (isChosen(world, 'finder', counts.finder, person)) return 'finder';
  if (canaryNumbers.includes(person)) return 'lively';
  if (isChosen(world, 'ghost', counts.ghost, person)) return 'ghost';
  if (isChosen(world, 'tester', counts.tester, person)) return 'tester';
  if (isChosen(world, 'lively', counts.lively, person)) return 'lively';
  if (isChosen(world, 'returning', counts.returning, person)) return 'returning';
  return random() < 0.018 ? 'curious' : 'idle';
}

const isWeekend = (instant: Instant): boolean => [0, 6].includes(new Date(instant / 1000).getUTCDay());

/** A moment at a human hour of a day (UTC midnight `date`). */
export function momentOf(random: Random, date: Instant, zone: number): Instant {
  const local = 7 * hour + Math.floor(((random() + random()) / 2) * 15) * hour;
  return date + local - zone * hour + integerBetween(random, 0, hour - 1);
}

function signupOf(world: World, person: number, random: Random, zone: number): Instant {
  const month = world.months.findLast((candidate) => candidate.first <= person && candidate.count > 0);
  if (person >= world.firstFuture || month === undefined) {
    return world.until + integerBetween(random, minute, 200 * day);
  }
  const span = month.to - month.from;
  const place = (person - month.first + random()) / month.count;
  // Sign-ups come fastest at the beginning of a month (a launch, a campaign), and on working days.
  const rough = month.from + Math.floor(place ** 1.4 * (span - second));
  const date = Math.floor(rough / day) * day;
  const shifted = isWeekend(date) && random() < 0.6 ? date + 2 * day : date;
  const moment = momentOf(random, shifted, zone);
  return moment >= month.from && moment < month.to ? moment : rough + integerBetween(random, 0, 999_999);
}

/** The external_id of a person's account: mostly as the other database prints it, sometimes in capitals. */
export function writtenExternalId(personId: string, random: Random): string {
  return random() < 0.1 ? personId.toUpperCase() : personId;
}

const socialShare: Readonly<Record<PersonKind, number>> = {
  finder: 0.9,
  ghost: 1,
  tester: 0.8,
  lively: 1,
  returning: 0.85,
  curious: 0.75,
  idle: 0.55,
};

function updatedOf(world: World, person: number, signedUpAt: Instant, random: Random): Instant {
  if (person < world.bulkTouched) return world.bulkSecond + integerBetween(random, 0, 999_999);
  const draw = random();
  if (draw < 0.35) return signedUpAt;
  if (draw < 0.5) return signedUpAt - integerBetween(random, second, 3 * day);
  if (draw < 0.6) return world.until + integerBetween(random, hour, 400 * day);
  return signedUpAt + integerBetween(random, second, Math.max(minute, world.until - signedUpAt));
}

function deletionOf(world: World, kind: PersonKind, signedUpAt: Instant, random: Random): Instant | null {
  if (kind === 'finder' || random() > (kind === 'idle' || kind === 'ghost' ? 0.02 : 0.08)) return null;
  const last = Math.max(signedUpAt + day, world.until + 5 * day);
  return integerBetween(random, signedUpAt + minute, last);
}

/** The person with a number; nothing else needs to be known for it. */
export function planPerson(world: World, number: number): Person {
  const random = randomFor(world.seed, 'person', number);
  const kind = kindOf(world, number, random);
  const zone = [0, 0, 1, 1, 2, 3, 5, 8, -5, -8][Math.floor(random() * 10)] ?? 0;
  const signedUpAt = signupOf(world, number, random, zone);
  const personId = uuidFor(world.seed, 'person_id', number);
  const early = kind !== 'idle' && kind !== 'ghost' && random() < 0.2;
  const isSocial = random() < socialShare[kind];
  const lead = early ? integerBetween(random, day, 20 * day) : -integerBetween(random, second, 2 * day);
  return {
    number,
    kind,
    id: number + 1,
    personId,
    signedUpAt,
    updatedAt: updatedOf(world, number, signedUpAt, random),
    deletedAt: deletionOf(world, kind, signedUpAt, random),
    engagementId: isSocial ? uuidFor(world.seed, 'engagement', number) : null,
    engagementAt: signedUpAt - lead,
    externalId: isSocial ? writtenExternalId(personId, random) : null,
    canary: world.firstFuture > 60 ? canaryNumbers.indexOf(number) : -1,
    early,
    zone,
  };
}
