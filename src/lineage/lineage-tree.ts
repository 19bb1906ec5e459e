import type { Manifest, ResourceId } from '../types/index.js';
import { transformationOf } from './lineage-document.js';
import type { Lineage } from './open-lineage.js';
import type { Origin } from './origins.js';
import { labelOf } from './personal-data.js';

/** A column in a tree of lineage, with those that it derives from (or that derive from it). */
export interface LineageBranch {
  readonly unique_id: ResourceId;
  /** How the relation is called: `core.users`, `source till.sales`. */
  readonly label: string;
  readonly column: string;
  readonly pii: readonly string[];
  /** How the value comes over from this column to the one before in the tree (or from that to this); undefined for the root. */
  readonly transformation?: ReturnType<typeof transformationOf> | undefined;
  readonly declassifiers: readonly string[];
  /** Is it in the tree already, with its branches? They are not repeated here. */
  readonly repeated: boolean;
  readonly branches: readonly LineageBranch[];
}

interface Edge {
  readonly id: ResourceId;
  readonly column: string;
  readonly origin: Origin;
}

/** The tree of what a column derives from, at most `depth` steps away. */
export function upstreamTree(
  manifest: Manifest,
  lineage: Lineage,
  id: ResourceId,
  column: string,
  depth = Infinity,
): LineageBranch {
  const edges = (from: ResourceId, name: string): readonly Edge[] =>
    (lineage.relationOf(from)?.columns.find((one) => one.name === name)?.origins ?? []).map((origin) => ({
      id: origin.relation,
      column: origin.column,
      origin,
    }));
  return branch(manifest, lineage, edges, { id, column, origin: undefined }, depth);
}

/** The tree of what derives from a column, at most `depth` steps away, among the given resources. */
export function downstreamTree(
  manifest: Manifest,
  lineage: Lineage,
  ids: readonly ResourceId[],
  id: ResourceId,
  column: string,
  depth = Infinity,
): LineageBranch {
  const children = new Map<string, Edge[]>();
  for (const child of ids)
    for (const one of lineage.relationOf(child)?.columns ?? [])
      for (const origin of one.origins) {
        const key = [origin.relation, origin.column].join('\0');
        children.set(key, [...(children.get(key) ?? []), { id: child, column: one.name, origin }]);
      }
  const edges = (from: ResourceId, name: string): readonly Edge[] => children.get([from, name].join('\0')) ?? [];
  return branch(manifest, lineage, edges, { id, column, origin: undefined }, depth);
}

function branch(
  manifest: Manifest,
  lineage: Lineage,
  edges: (id: ResourceId, column: string) => readonly Edge[],
  at: { readonly id: ResourceId; readonly column: string; readonly origin: Origin | undefined },
  depth: number,
  seen: Set<string> = new Set(),
): LineageBranch {
  const columns = lineage.relationOf(at.id)?.columns ?? [];
  const known = columns.find(({ name }) => name === at.column) ?? columns.find(({ name }) => name === '*');
  const key = [at.id, at.column].join('\0');
  const reached = depth < 1 ? [] : edges(at.id, at.column);
  const repeated = reached.length > 0 && seen.has(key);
  seen.add(key);
  return {
    unique_id: at.id,
    label: labelOf(manifest, at.id),
    column: at.column,
    pii: known?.kinds ?? [],
    transformation: at.origin === undefined ? undefined : transformationOf(at.origin),
    declassifiers: at.origin?.declassifiers ?? [],
    repeated,
    branches: repeated ? [] : reached.map((edge) => branch(manifest, lineage, edges, edge, depth - 1, seen)),
  };
}
