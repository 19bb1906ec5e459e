import type { Lineage } from '../lineage/index.js';
import { personColumns, type PersonColumn } from '../person/index.js';
import type { Manifest, ResourceId } from '../types/index.js';
import { nameOf, type MarkedColumn } from './plan.js';

/** Whose a column says that a row is, whatever the column's name. */
type Identity = Omit<PersonColumn, 'column'>;

/** No hash is hashed more often. */
const mostHashes = 3;

/**
 * Finds the columns of built relations that descend from one that says whose a row is: by identity, cast or chosen from among such, or through the given
 * declassifiers, which are hashes. What a relation declares itself goes before what is found.
 */
export function personColumnsByLineage(
  manifest: Manifest,
  lineage: Lineage,
  ids: readonly ResourceId[],
  hashes: ReadonlySet<string>,
): (id: ResourceId) => readonly MarkedColumn[] {
  const found = declaredIdentities(manifest);
  const declared = new Set(found.keys());
  const columns = ids.flatMap((id) =>
    (lineage.relationOf(id)?.columns ?? []).map(({ name, origins }) => ({ key: keyOf(id, name), name, origins, id })),
  );
  for (let isSettled = false; !isSettled;) {
    isSettled = true;
    for (const { key, origins } of columns) {
      if (declared.has(key)) continue;
      const known = found.get(key) ?? new Map<string, Identity>();
      const size = known.size;
      for (const origin of origins)
        if (origin.isWhole && origin.declassifiers.every((name) => hashes.has(name)))
          for (const identity of found.get(keyOf(origin.relation, origin.column))?.values() ?? []) {
            const through = [...identity.through, ...origin.declassifiers];
            if (through.length <= mostHashes) add(known, { ...identity, through });
          }
      if (known.size === size) continue;
      found.set(key, known);
      isSettled = false;
    }
  }
  const originsOf = new Map(columns.map((column) => [column.key, column.origins]));
  const mixed = new Map<string, boolean>();
  const isMixed = (key: string): boolean => {
    const known = mixed.get(key);
    if (known !== undefined) return known;
    // What reads itself is as mixed as what else it reads.
    mixed.set(key, false);
    const isAny =
      !declared.has(key) &&
      (originsOf.get(key) ?? []).some((origin) => {
        const parent = keyOf(origin.relation, origin.column);
        return !origin.isWhole || !found.has(parent) || isMixed(parent);
      });
    mixed.set(key, isAny);
    return isAny;
  };
  return (id) => {
    const node = manifest.nodes[id];
    const names = new Set([
      ...columns.filter((column) => column.id === id).map(({ name }) => name),
      ...(node === undefined ? [] : personColumns(node).map(({ column }) => column)),
    ]);
    return [...names].flatMap((name) => {
      const key = keyOf(id, name);
      return [...(found.get(key)?.values() ?? [])].map((identity) => ({
        ...identity,
        column: name,
        isMixed: isMixed(key),
      }));
    });
  };
}

function keyOf(id: ResourceId, column: string): string {
  return `${id}\0${column}`;
}

function add(known: Map<string, Identity>, identity: Identity): void {
  known.set([identity.person, identity.target ?? '', identity.action, ...identity.through].join('\0'), identity);
}

/** What the YAML says, and the columns of the tables of people that it refers to. */
function declaredIdentities(manifest: Manifest): Map<string, Map<string, Identity>> {
  const found = new Map<string, Map<string, Identity>>();
  const note = (id: ResourceId, column: string, identity: Identity): void => {
    const key = keyOf(id, column);
    const known = found.get(key) ?? new Map<string, Identity>();
    add(known, identity);
    found.set(key, known);
  };
  const tables = new Map(Object.values(manifest.sources).map((table) => [nameOf(table), table]));
  for (const resource of [...Object.values(manifest.sources), ...Object.values(manifest.nodes)])
    for (const { column, ...identity } of personColumns(resource)) {
      note(resource.unique_id, column, identity);
      const people = tables.get(identity.person);
      const [key] = people?.extract?.key ?? [];
      if (people === undefined || key === undefined) continue;
      const own = { person: identity.person, action: 'remove', through: [] } as const;
      note(people.unique_id, key, { ...own, target: undefined });
      if (identity.target !== undefined) note(people.unique_id, identity.target, { ...own, target: identity.target });
    }
  return found;
}
