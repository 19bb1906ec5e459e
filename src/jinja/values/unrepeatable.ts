let reads = 0;

/** How often templates of this process have asked for what is different each time: the machine's clock, chance. */
export function unrepeatableReads(): number {
  return reads;
}

/** The machine's clock, in microseconds since 1970. */
export function machineClock(): bigint {
  reads += 1;
  return BigInt(Date.now()) * 1000n;
}

/** A number from 0 up to 1, by chance. */
export function chance(): number {
  reads += 1;
  return Math.random();
}
