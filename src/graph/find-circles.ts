import type { ResourceId } from '../types/index.js';

/**
 * One circle of each group of resources that depend on each other, as the path from a resource through its parents back to it (the first is repeated at the end).
 * The walk keeps its own stack: a chain of ten thousand models is no reason to fail.
 */
export function findCircles(parents: ReadonlyMap<ResourceId, readonly ResourceId[]>): ResourceId[][] {
  const done = new Set<ResourceId>();
  const circles: ResourceId[][] = [];
  for (const start of parents.keys()) {
    if (done.has(start)) continue;
    const path: ResourceId[] = [start];
    const next: number[] = [0];
    const onPath = new Map<ResourceId, number>([[start, 0]]);
    while (path.length > 0) {
      const depth = path.length - 1;
      const id = path[depth] as ResourceId;
      const parent = parents.get(id)?.[next[depth] as number];
      next[depth] = (next[depth] as number) + 1;
      if (parent === undefined) {
        done.add(id);
        onPath.delete(id);
        path.pop();
        next.pop();
        continue;
      }
      const position = onPath.get(parent);
      if (position !== undefined) {
        const circle = path.slice(position);
        if (!circles.some((known) => circle.some((member) => known.includes(member))))
          circles.push([...circle, parent]);
      } else if (!done.has(parent) && parents.has(parent)) {
        onPath.set(parent, path.length);
        path.push(parent);
        next.push(0);
      }
    }
  }
  return circles;
}
