import { ChemflowError, didYouMean } from '../error/index.js';
import type { Manifest, ResourceId } from '../types/index.js';

/** A relation that was named, and the rest of the name: a column's, or undefined. */
export interface NamedColumn {
  readonly id: ResourceId;
  readonly column: string | undefined;
}

/** The names that each relation goes by: `users`, `core.users` for a node, `till.sales`, `staging.till_sales` for a source table. */
function relationNames(manifest: Manifest): ReadonlyMap<string, ResourceId> {
  const names = new Map<string, ResourceId>();
  const add = (name: string, id: ResourceId): void => {
    if (!names.has(name)) names.set(name, id);
  };
  for (const node of Object.values(manifest.nodes)) {
    if (!['model', 'seed', 'snapshot'].includes(node.resource_type)) continue;
    add(node.name, node.unique_id);
    for (const schema of [node.config.schema, node.schema]) add([schema, node.alias].join('.'), node.unique_id);
  }
  for (const table of Object.values(manifest.sources)) {
    add([table.source_name, table.name].join('.'), table.unique_id);
    add([table.schema, table.identifier].join('.'), table.unique_id);
  }
  return names;
}

/** The relation, or the column of one, that a name on the command line means. Throws LINEAGE.UNKNOWN_RELATION. */
export function findNamedColumn(manifest: Manifest, name: string): NamedColumn {
  const names = relationNames(manifest);
  const whole = names.get(name);
  if (whole !== undefined) return { id: whole, column: undefined };
  const at = name.lastIndexOf('.');
  const id = at === -1 ? undefined : names.get(name.slice(0, at));
  if (id !== undefined) return { id, column: name.slice(at + 1) };
  const near = didYouMean(at === -1 ? name : name.slice(0, at), names.keys()) ?? didYouMean(name, names.keys());
  throw new ChemflowError({
    code: 'LINEAGE.UNKNOWN_RELATION',
    message: `There is no model, seed, snapshot or source table that "${name}" could be a column of.`,
    hint: near ?? 'write <schema>.<model>.<column>, or chemflow ls to see what there is',
  });
}
