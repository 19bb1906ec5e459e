import { day, formatInstant, hour, second, type Instant } from '../util/instant.js';
import { integerBetween, randomFor, uuidFor, type Random } from '../util/random.js';
import type { SampleMark } from './databases.js';
import { createWorld, type World } from './world.js';

/** The days that go by: who acts is drawn from `random`, when from `moment`. */
export interface Passage {
  readonly world: World;
  readonly mark: SampleMark;
  readonly days: number;
  readonly from: Instant;
  readonly to: Instant;
  readonly random: Random;
  /** A text that differs from passage to passage, for choosing rows. */
  readonly key: string;
  /** A moment of the passage as text. */
  moment(): string;
  /** A moment shortly before the passage: what a long transaction wrote, committed only now. */
  late(): string;
  /** `perThousand` of the sample's users a day, at least one. */
  some(perThousand: number): number;
  uuid(purpose: string, number: number): string;
}

/** Somebody who acts in these days. */
export interface Actor {
  readonly id: string;
  readonly personId: string;
  readonly hasFinder: boolean;
  /** Signed up in these days. */
  readonly isNew: boolean;
}

/** The passage of some days from a sample's clock on; `label` keeps the two databases' draws apart. */
export function createPassage(mark: SampleMark, days: number, label: string): Passage {
  const world = createWorld(mark.users, mark.seed, mark.clock);
  const random = randomFor(mark.seed, label, Math.floor(mark.clock / 1000), days);
  const to = mark.clock + days * day;
  return {
    world,
    mark,
    days,
    from: mark.clock,
    to,
    random,
    key: `${mark.seed} ${mark.clock} ${label}`,
    moment: () => formatInstant(integerBetween(random, mark.clock + second, to)),
    late: () => formatInstant(mark.clock - integerBetween(random, second, 3 * hour)),
    some: (perThousand) => Math.max(1, Math.round((mark.users * perThousand * days) / 1000)),
    uuid: (purpose, number) => uuidFor(mark.seed, purpose, Math.floor(mark.clock / 1000), number),
  };
}
