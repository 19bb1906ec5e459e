/** A stream of numbers in [0, 1) that depends on its key alone. */
export type Random = () => number;

/** Mixes a text or a number into a 32-bit hash (murmur3's finalizer over FNV-1a). */
function mix(hash: number, part: number | string): number {
  let mixed = hash;
  if (typeof part === 'string') {
    for (let index = 0; index < part.length; index += 1) mixed = Math.imul(mixed ^ part.charCodeAt(index), 0x01000193);
  } else {
    mixed = Math.imul(mixed ^ (part >>> 0), 0x85ebca6b);
    mixed = Math.imul(mixed ^ Math.floor(part / 0x1_0000_0000), 0xc2b2ae35);
  }
  mixed ^= mixed >>> 16;
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** A 32-bit hash of a key; the same key gives the same number on every machine. */
export function hashOf(...key: readonly (number | string)[]): number {
  let hash = 0x811c9dc5;
  for (const part of key) hash = mix(hash, part);
  return hash;
}

/** Random numbers for a key (sfc32): the same key, the same numbers; not for secrets. */
export function randomFor(...key: readonly (number | string)[]): Random {
  const hash = hashOf(...key);
  let a = hash | 0;
  let b = mix(hash, 1) | 0;
  let c = mix(hash, 2) | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 0x1_0000_0000;
  };
  for (let round = 0; round < 6; round += 1) next();
  return next;
}

/** A whole number from `low` to `high`, both included. */
export function integerBetween(random: Random, low: number, high: number): number {
  const span = high - low + 1;
  // One draw has 32 bits; wider spans (microseconds) take the low bits from a second one.
  const unit = span > 0xffff_ffff ? random() + random() / 0x1_0000_0000 : random();
  return low + Math.min(span - 1, Math.floor(unit * span));
}

/** An element of a list that is not empty. */
export function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}

/** A whole number with the mean `mean` (Poisson). */
export function countAround(random: Random, mean: number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count += 1;
  return count;
}

const hex = (word: number): string => word.toString(16).padStart(8, '0');

/** A version 4 uuid that depends on its key alone. */
export function uuidFor(...key: readonly (number | string)[]): string {
  // Words hashed apart: from one 32-bit hash, ten million uuids would collide thousands of times.
  const first = hashOf(1, ...key);
  const second = hashOf(2, ...key);
  const third = hashOf(3, ...key);
  const fourth = mix(second ^ third, first);
  const middle = hex(second);
  const variant = ((third & 0x3fffffff) | 0x80000000) >>> 0;
  const tail = hex(variant);
  return `${hex(first)}-${middle.slice(0, 4)}-4${middle.slice(5)}-${tail.slice(0, 4)}-${tail.slice(4)}${hex(fourth)}`;
}
