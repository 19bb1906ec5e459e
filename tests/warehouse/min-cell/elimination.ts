/** A linear relation between cells that everybody knows: the sum of coefficient x cell is a number that everybody knows too. */
export type Relation = ReadonlyMap<string, number>;

// The largest prime below 2^26: products of two remainders are exact numbers. A coefficient that it divides would be lost; ours are small.
const prime = 67_108_859;

function modulo(value: number): number {
  return ((value % prime) + prime) % prime;
}

function inverse(value: number): number {
  let [power, square, exponent] = [1, value, prime - 2];
  while (exponent > 0) {
    if (exponent % 2 === 1) power = (power * square) % prime;
    square = (square * square) % prime;
    exponent = Math.floor(exponent / 2);
  }
  return power;
}

/** Adds factor x `added` to `row`, both of remainders. */
function addTo(row: Map<string, number>, added: ReadonlyMap<string, number>, factor: number): void {
  for (const [name, coefficient] of added) {
    const sum = ((row.get(name) ?? 0) + factor * coefficient) % prime;
    if (sum === 0) row.delete(name);
    else row.set(name, sum);
  }
}

/**
 * The cells that are not known and have one possible value only, by elimination: those whose unit vector lies in the space of the relations and
 * the known cells. Exact, but for the chance of one in 67 million that a prime hides something.
 */
export function determinedCells(relations: readonly Relation[], isKnown: (name: string) => boolean): Set<string> {
  const pivots = new Map<string, Map<string, number>>();
  for (const relation of relations) {
    const row = new Map<string, number>();
    for (const [name, coefficient] of relation) {
      if (!isKnown(name) && modulo(coefficient) !== 0) row.set(name, modulo(coefficient));
    }
    for (const name of [...row.keys()]) {
      const pivot = pivots.get(name);
      const coefficient = row.get(name);
      if (pivot !== undefined && coefficient !== undefined) addTo(row, pivot, prime - coefficient);
    }
    const first = row.keys().next();
    if (first.done === true) continue;
    const scale = inverse(row.get(first.value) ?? 1);
    const pivot = new Map([...row].map(([name, coefficient]) => [name, (coefficient * scale) % prime] as const));
    for (const other of pivots.values()) {
      const coefficient = other.get(first.value);
      if (coefficient !== undefined) addTo(other, pivot, prime - coefficient);
    }
    pivots.set(first.value, pivot);
  }
  return new Set([...pivots].flatMap(([name, row]) => (row.size === 1 ? [name] : [])));
}
