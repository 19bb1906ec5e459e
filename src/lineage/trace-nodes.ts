import type { ExecutableNode, ResourceId } from '../types/index.js';
import { digest } from './lineage-cache.js';
import type { Lineage } from './open-lineage.js';

/** What `traceNodes` needs to know of a project. */
export interface TraceNodesOptions {
  readonly lineage: Lineage;
  readonly ids: readonly ResourceId[];
  /** The nodes of these ids and of all that they read, parents before children. */
  readonly withAncestors: (ids: readonly ResourceId[]) => readonly ExecutableNode[];
  /** Gives SQL that is not known from an earlier command; undefined where the template cannot be rendered now. */
  readonly compile: (id: ResourceId) => Promise<string | undefined>;
}

/**
 * Traces models and snapshots and all that they read; what cannot be rendered now is left out, and so is all that reads it. SQL may read a relation as an
 * earlier run left it, against the order of building: then all are traced again until what they carry is settled. Resolves to the nodes in question.
 */
export async function traceNodes(options: TraceNodesOptions): Promise<readonly ExecutableNode[]> {
  const { lineage } = options;
  const texts = new Map<ResourceId, string | undefined>();
  const awaited = new Set<ResourceId>();
  for (let settled = ''; ;) {
    const nodes = options.withAncestors([...options.ids, ...awaited]);
    const followed = nodes.filter(({ resource_type: type }) => type === 'model' || type === 'snapshot');
    await Promise.all(
      followed.map(async (node) => {
        const id = node.unique_id;
        if (!texts.has(id)) texts.set(id, lineage.knownSql(node) ?? (await options.compile(id)));
      }),
    );
    const pass = async (isFinal: boolean): Promise<ReadonlySet<ResourceId>> => {
      const missing = new Set<ResourceId>();
      const left = new Set<ResourceId>();
      for (const node of followed) {
        const sql = texts.get(node.unique_id);
        if (sql === undefined || node.depends_on.nodes.some((id) => left.has(id))) left.add(node.unique_id);
        else await lineage.trace(node, sql, isFinal ? undefined : missing);
      }
      return missing;
    };
    const missing = await pass(false);
    for (const id of missing) awaited.add(id);
    // Nothing was read before it was traced: each node was traced after all that it reads.
    if (awaited.size === 0) return nodes;
    const state = digest(followed.map(({ unique_id: id }) => lineage.relationOf(id)?.columns ?? null));
    if (state === settled) {
      if (missing.size > 0) await pass(true);
      return nodes;
    }
    settled = state;
  }
}
