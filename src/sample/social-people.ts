import { day, minute, second, type Instant } from '../util/instant.js';
import { integerBetween, pick, randomFor, uuidFor } from '../util/random.js';
import { planPerson } from './people.js';
import type { World } from './world.js';

/** Accounts of the social platform that link to nobody, or to somebody who has another one. */
export type StrayKind = 'null' | 'blank' | 'malformed' | 'unmatched' | 'duplicate';

/** Such an account. */
export interface Stray {
  readonly number: number;
  readonly kind: StrayKind;
  readonly engagementId: string;
  readonly externalId: string | null;
  readonly createdAt: Instant;
  readonly deletedAt: Instant | null;
}

const kinds: readonly StrayKind[] = ['unmatched', 'null', 'duplicate', 'malformed', 'duplicate', 'blank', 'unmatched'];

/** How many of them there are: about three in a hundred accounts. */
export const strayCount = (world: World): number => Math.max(kinds.length * 2, Math.round(world.users * 0.03));

/** A number written in white space, since external_id is unique: 0 is the empty string. */
function blankNumber(number: number): string {
  return number === 0 ? '' : number.toString(3).replaceAll('0', ' ').replaceAll('1', '\t').replaceAll('2', '\n');
}

function malformedId(uuid: string, index: number, number: number): string {
  const forms = [
    `{${uuid}}`,
    uuid.replaceAll('-', ''),
    ` ${uuid}`,
    `${uuid} `,
    `user-${number}`,
    uuid.slice(0, -1),
    `${uuid.slice(0, -1)}g`,
    `${uuid}\n`,
    String(number + 1),
  ];
  return forms[index % forms.length] ?? uuid;
}

/** Changes the case of a uuid's letters so that it differs from how it is stored: capitals, small letters, or both mixed. */
function otherCase(stored: string, turn: number): string | null {
  const upper = stored.toUpperCase();
  const mixed = stored.toLowerCase().replace(/[a-f]/, (letter) => letter.toUpperCase());
  const forms = [upper, mixed, stored.toLowerCase()].filter((form) => form !== stored);
  return forms[turn % 2] ?? null;
}

/** The stray account with a number. */
export function planStray(world: World, number: number): Stray {
  const random = randomFor(world.seed, 'stray', number);
  const kind = kinds[number % kinds.length] ?? 'null';
  const round = Math.floor(number / kinds.length);
  let createdAt = world.until - integerBetween(random, day, 130 * day);
  let externalId: string | null = null;
  const uuid = uuidFor(world.seed, 'nobody', number);
  if (kind === 'blank') externalId = blankNumber(round);
  if (kind === 'unmatched') externalId = round % 2 === 0 ? uuid : uuid.toUpperCase();
  if (kind === 'malformed') externalId = `${malformedId(uuid, round, number)}`;
  const ownerNumber = Math.floor(world.users * 0.9) - 1 - number;
  if (kind === 'duplicate' && ownerNumber >= 0) {
    // People from the end of the ninth tenth backwards, each at most once: external_id is unique in the source.
    const owner = planPerson(world, ownerNumber);
    const stored = owner.externalId;
    externalId = stored === null ? owner.personId.toUpperCase() : otherCase(stored, round);
    if (externalId === stored) externalId = null;
    // Before, after or at the very moment of the other one: the oldest links, then the smallest id.
    const shift = pick(random, [0, -1, 1, 1]) * integerBetween(random, second, 20 * day);
    createdAt = owner.engagementAt + shift;
  }
  return {
    number,
    kind,
    engagementId: uuidFor(world.seed, 'stray_id', number),
    externalId,
    createdAt,
    deletedAt: random() < 0.15 ? createdAt + integerBetween(random, minute, 30 * day) : null,
  };
}
