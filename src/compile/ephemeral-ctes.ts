import type { RunEngine } from '../context/index.js';
import type { ResourceId } from '../types/index.js';
import type { NamedQuery } from './inject-ctes.js';

/** A resource's SQL without its parents' CTEs, and which they are. */
export type Rendered = ReturnType<RunEngine['renderResource']>;

/** The CTEs of ephemeral models and of those that they read, parents before children, each once. */
export function ephemeralCtes(
  engine: RunEngine,
  ids: readonly ResourceId[],
  render: (id: ResourceId) => Rendered,
): NamedQuery[] {
  const found = new Map<ResourceId, NamedQuery>();
  const collect = (wanted: readonly ResourceId[]): void => {
    for (const id of wanted) {
      if (found.has(id)) continue;
      const rendered = render(id);
      collect(rendered.ephemerals);
      const node = engine.node(id);
      const alias = node !== undefined && 'alias' in node ? node.alias : id;
      found.set(id, { name: `__dbt__cte__${alias}`, sql: rendered.sql });
    }
  };
  collect(ids);
  return [...found.values()];
}
