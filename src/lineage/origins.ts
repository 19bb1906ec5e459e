/** A column that a value derives from, and how. */
export interface Origin {
  /** Id of the relation: a resource's unique_id. */
  readonly relation: string;
  readonly column: string;
  /** Is it the column's very value on at least one way? */
  readonly isDirect: boolean;
  /** Does it still tell that value whole on at least one way: as it is, cast, as one of several that are chosen from, or as what a single declassifier makes of it? */
  readonly isWhole: boolean;
  /** Names of the declassifiers that it passed on its way, sorted. */
  readonly declassifiers: readonly string[];
}

/** What a value derives from, each column and chain of declassifiers once. */
export type Origins = ReadonlyMap<string, Origin>;

export const noOrigins: Origins = new Map();

function keyOf(origin: Origin): string {
  return [origin.relation, origin.column, ...origin.declassifiers].join('\0');
}

/** A set of origins; one that occurs twice is direct, and whole, where either is. */
export function originsOf(list: Iterable<Origin>): Origins {
  const found = new Map<string, Origin>();
  for (const origin of list) {
    const key = keyOf(origin);
    const other = found.get(key);
    const isDirect = origin.isDirect || other?.isDirect === true;
    const isWhole = origin.isWhole || other?.isWhole === true;
    if (other?.isDirect !== isDirect || other.isWhole !== isWhole) found.set(key, { ...origin, isDirect, isWhole });
  }
  return found;
}

/** The very value of a column. */
export function columnOrigin(relation: string, column: string): Origins {
  return originsOf([{ relation, column, isDirect: true, isWhole: true, declassifiers: [] }]);
}

/** Everything that any of these derive from. */
export function union(all: readonly Origins[]): Origins {
  const filled = all.filter((one) => one.size > 0);
  if (filled.length <= 1) return filled[0] ?? noOrigins;
  return originsOf(filled.flatMap((one) => [...one.values()]));
}

/** The same origins of a value that was computed from them. */
export function transformed(origins: Origins): Origins {
  if (origins.size === 0) return origins;
  return originsOf([...origins.values()].map((origin) => ({ ...origin, isDirect: false, isWhole: false })));
}

/** The same origins of a value that is one of theirs, cast or chosen from among others. */
export function chosen(origins: Origins): Origins {
  if (origins.size === 0) return origins;
  return originsOf([...origins.values()].map((origin) => ({ ...origin, isDirect: false })));
}

/** The same origins of a value that passed a declassifier. */
export function declassified(origins: Origins, name: string): Origins {
  return originsOf(
    [...origins.values()].map((origin) => ({
      ...origin,
      isDirect: false,
      isWhole: origin.isWhole && origin.declassifiers.length === 0,
      declassifiers: [...new Set([...origin.declassifiers, name])].sort(),
    })),
  );
}

/** The origins of a column `name` that came with a star: an unnamed column of a relation is now that one. */
export function namedOrigins(star: Origins, name: string): Origins {
  return originsOf([...star.values()].map((origin) => (origin.column === '*' ? { ...origin, column: name } : origin)));
}
