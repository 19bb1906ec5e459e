import { ChemflowError, throwAll } from '../error/index.js';
import type { ExecutableNode, Relation, ResourceId, SourceTable } from '../types/index.js';
import type { Prepared } from './prepare.js';
import type { Warehouse } from './warehouse.js';

function relationOf(resource: ExecutableNode | SourceTable): Relation {
  const identifier = resource.resource_type === 'source' ? resource.identifier : resource.alias;
  return { database: resource.database, schema: resource.schema, identifier };
}

/** The parents of a node that have a relation: those of an ephemeral parent take its place. */
function relationParents(prepared: Prepared, id: ResourceId): readonly (ExecutableNode | SourceTable)[] {
  return prepared.graph.parents(id).flatMap((parent) => {
    const node = prepared.manifest.nodes[parent];
    if (node?.config.materialized === 'ephemeral') return relationParents(prepared, parent);
    const resource = node ?? prepared.manifest.sources[parent];
    return resource === undefined ? [] : [resource];
  });
}

/** Throws RUN.PARENT_NOT_BUILT for each selected node with a parent that is neither selected nor in the database, before anything is done. */
export async function requireBuiltParents(
  prepared: Prepared,
  ids: readonly ResourceId[],
  warehouse: Warehouse,
): Promise<void> {
  const selected = new Set(ids);
  const outside = ids.flatMap((id) => {
    const node = prepared.manifest.nodes[id];
    if (node === undefined) return [];
    return relationParents(prepared, id)
      .filter((parent) => !selected.has(parent.unique_id))
      .map((parent) => ({ node, parent }));
  });
  if (outside.length === 0) return;
  await warehouse.cache.load(outside.map(({ parent }) => relationOf(parent)));
  const missing = outside.filter(({ parent }) => warehouse.cache.get(relationOf(parent)) === undefined);
  const { which } = prepared.invocation.flags;
  const errors = missing.map(({ node, parent }) => {
    const what = parent.resource_type === 'source' ? 'source table' : parent.resource_type;
    const name = parent.resource_type === 'source' ? `${parent.source_name}.${parent.name}` : parent.name;
    return new ChemflowError({
      code: 'RUN.PARENT_NOT_BUILT',
      message: `${node.name} reads the ${what} ${name} (${parent.schema}.${relationOf(parent).identifier}), which has never been built and is not selected.`,
      hint: `chemflow ${which === 'test' ? 'build' : which} --select +${node.name} builds what it needs first`,
    });
  });
  throwAll(errors);
}
