import { day, formatInstant, minute, second, type Instant } from '../util/instant.js';
import { integerBetween, type Random } from '../util/random.js';
import type { CopyValue } from '../util/copy-text.js';
import type { World } from './world.js';

/** A source table of the sample: its columns in the order of its rows, and the rows as a stream. */
export interface SampleTable {
  readonly name: string;
  readonly columns: readonly string[];
  rows(world: World): Iterable<readonly CopyValue[]>;
}

/** The columns that nearly every table ends with. */
export const stampColumns = ['created_at', 'updated_at', 'deleted_at'] as const;

/** updated_at as rows have it: mostly created_at, sometimes later, rarely earlier or in the future. */
export function updatedAfter(world: World, created: Instant, random: Random): Instant {
  const draw = random();
  if (draw < 0.88) return created;
  if (draw < 0.98) return created + integerBetween(random, second, Math.max(minute, world.until - created));
  if (draw < 0.995) return created - integerBetween(random, second, 2 * day);
  return world.until + integerBetween(random, minute, 90 * day);
}

/** When a row that was made at `created` was soft-deleted: within 40 days, and by now; a program with a wrong clock wrote a time in the future for a few. */
export function deletionAfter(world: World, created: Instant, random: Random): Instant {
  const deleted = created + integerBetween(random, second, 40 * day);
  if (deleted <= world.until || created >= world.until - second || random() < 0.15) return deleted;
  return created + integerBetween(random, second, world.until - created);
}

/** created_at, updated_at and deleted_at of a row; a part `deletedShare` is soft-deleted some time later. */
export function stamps(world: World, created: Instant, random: Random, deletedShare: number): CopyValue[] {
  const deleted = random() < deletedShare ? deletionAfter(world, created, random) : null;
  const updated = updatedAfter(world, created, random);
  return [
    formatInstant(created),
    formatInstant(deleted === null ? updated : Math.max(updated, deleted)),
    deleted === null ? null : formatInstant(deleted),
  ];
}
