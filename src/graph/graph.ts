import { throwAll } from '../error/index.js';
import type { Manifest, ResourceId } from '../types/index.js';
import { DirectedGraph } from 'graphology';
import { topologicalSort } from 'graphology-dag';
import { circleError } from './circle-error.js';
import { findCircles } from './find-circles.js';
import { compareText, parentsOf, resourcesOf } from './resources.js';

/** What `dependenciesAmong` puts in order beside references. */
export interface DependencyOptions {
  /** Do tests hold back what follows from the tested (as `build` wants it)? A test gates a node if all that it reads are ancestors of that node. */
  readonly testsGate?: boolean;
}

/** The references between resources. Unknown ids have no parents and no children. */
export interface Graph {
  /** Every id, parents before children. */
  readonly ids: readonly ResourceId[];
  has(id: ResourceId): boolean;
  parents(id: ResourceId): readonly ResourceId[];
  children(id: ResourceId): readonly ResourceId[];
  /** All that the resource reads from, directly or not, at most `depth` steps away. */
  ancestors(id: ResourceId, depth?: number): ReadonlySet<ResourceId>;
  /** All that reads from the resource, directly or not, at most `depth` steps away. */
  descendants(id: ResourceId, depth?: number): ReadonlySet<ResourceId>;
  /** The ids, parents before children; the same for the same project on every machine. */
  order(ids: Iterable<ResourceId>): ResourceId[];
  /** Of every id, the number of ids on the longest way from it down to its last descendant among the ids (1 for a leaf): what to begin with. */
  longestPath(ids: Iterable<ResourceId>): Map<ResourceId, number>;
  /** Of every id, those of the ids that must be finished before it: its nearest ancestors among them, through whatever lies between. */
  dependenciesAmong(ids: Iterable<ResourceId>, options?: DependencyOptions): Map<ResourceId, ReadonlySet<ResourceId>>;
}

const noIds: readonly ResourceId[] = [];

function walk(
  start: ResourceId,
  next: (id: ResourceId) => readonly ResourceId[],
  depth: number = Infinity,
): Set<ResourceId> {
  const found = new Set<ResourceId>();
  let front: readonly ResourceId[] = [start];
  for (let step = 0; step < depth && front.length > 0; step += 1) {
    const following: ResourceId[] = [];
    for (const id of front)
      for (const neighbour of next(id)) {
        if (found.has(neighbour) || neighbour === start) continue;
        found.add(neighbour);
        following.push(neighbour);
      }
    front = following;
  }
  return found;
}

/** Builds the graph of a manifest; throws `GRAPH.CIRCLE`, naming the path, where resources read from each other in a circle. */
export function buildGraph(manifest: Manifest): Graph {
  const resources = resourcesOf(manifest);
  const digraph = new DirectedGraph();
  const parentMap = new Map<ResourceId, ResourceId[]>();
  const childMap = new Map<ResourceId, ResourceId[]>();
  for (const id of [...resources.keys()].sort(compareText)) {
    digraph.addNode(id);
    parentMap.set(id, []);
    childMap.set(id, []);
  }
  for (const [id, parents] of parentMap) {
    const resource = resources.get(id);
    if (resource === undefined) continue;
    for (const parent of new Set(parentsOf(resource))) {
      if (!resources.has(parent)) continue;
      parents.push(parent);
      childMap.get(parent)?.push(id);
    }
  }
  throwAll(findCircles(parentMap).map((circle) => circleError(manifest, circle)));
  for (const [id, parents] of parentMap) for (const parent of parents) digraph.addDirectedEdge(parent, id);

  const ids = topologicalSort(digraph);
  const position = new Map(ids.map((id, index) => [id, index]));
  const parents = (id: ResourceId): readonly ResourceId[] => parentMap.get(id) ?? noIds;
  const children = (id: ResourceId): readonly ResourceId[] => childMap.get(id) ?? noIds;
  const order = (wanted: Iterable<ResourceId>): ResourceId[] =>
    [...new Set(wanted)]
      .filter((id) => position.has(id))
      .sort((left, right) => (position.get(left) ?? 0) - (position.get(right) ?? 0));

  const dependenciesAmong = (
    wanted: Iterable<ResourceId>,
    options: DependencyOptions = {},
  ): Map<ResourceId, ReadonlySet<ResourceId>> => {
    const ordered = order(wanted);
    const chosen = new Set(ordered);
    // What a resource stands for towards its children: itself if chosen, else the chosen ones behind it.
    const standsFor = new Map<ResourceId, ReadonlySet<ResourceId>>();
    const dependencies = new Map<ResourceId, ReadonlySet<ResourceId>>();
    for (const id of ids) {
      const behind = new Set<ResourceId>();
      for (const parent of parents(id)) for (const found of standsFor.get(parent) ?? []) behind.add(found);
      if (chosen.has(id)) {
        dependencies.set(id, behind);
        standsFor.set(id, new Set([id]));
      } else {
        standsFor.set(id, behind);
      }
    }
    const result = new Map(ordered.map((id) => [id, dependencies.get(id) ?? new Set<ResourceId>()]));
    if (options.testsGate === true) addTestGates(result);
    return result;
  };

  const addTestGates = (dependencies: Map<ResourceId, ReadonlySet<ResourceId>>): void => {
    const isTest = (id: ResourceId): boolean => /^(unit_)?test\./.test(id);
    const gates = new Map<ResourceId, Set<ResourceId>>();
    for (const test of dependencies.keys()) {
      if (!isTest(test)) continue;
      const [first, ...others] = parents(test);
      if (first === undefined) continue;
      // A unit test precedes its own model; a data test what follows from all that it reads.
      const gated = test.startsWith('unit_test.') ? new Set([first]) : new Set(descendantsOf(first));
      for (const other of others) {
        const common = descendantsOf(other);
        for (const id of gated) if (!common.has(id)) gated.delete(id);
      }
      for (const id of gated) {
        if (isTest(id) || !dependencies.has(id)) continue;
        // What is behind a gated resource waits for that one, and so for the test.
        if ([...(dependencies.get(id) ?? [])].some((parent) => gated.has(parent))) continue;
        const known = gates.get(id) ?? new Set(dependencies.get(id));
        gates.set(id, known.add(test));
      }
    }
    for (const test of dependencies.keys()) {
      const [model] = parents(test);
      // It runs when its model could, and so after what the model reads: that is where its inputs have their types from.
      if (test.startsWith('unit_test.') && model !== undefined && dependencies.has(model))
        gates.set(test, new Set(dependencies.get(model)));
    }
    for (const [id, gated] of gates) dependencies.set(id, gated);
  };

  const descendantCache = new Map<ResourceId, ReadonlySet<ResourceId>>();
  const descendantsOf = (id: ResourceId): ReadonlySet<ResourceId> => {
    const known = descendantCache.get(id) ?? walk(id, children);
    descendantCache.set(id, known);
    return known;
  };

  return {
    ids,
    has: (id) => position.has(id),
    parents,
    children,
    ancestors: (id, depth) => walk(id, parents, depth),
    descendants: (id, depth) => (depth === undefined ? descendantsOf(id) : walk(id, children, depth)),
    order,
    longestPath: (wanted) => {
      const dependencies = dependenciesAmong(wanted);
      const lengths = new Map([...dependencies.keys()].map((id) => [id, 1]));
      for (const id of [...dependencies.keys()].reverse()) {
        const own = lengths.get(id) ?? 1;
        for (const parent of dependencies.get(id) ?? [])
          lengths.set(parent, Math.max(lengths.get(parent) ?? 1, own + 1));
      }
      return lengths;
    },
    dependenciesAmong,
  };
}
