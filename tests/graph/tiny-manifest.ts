import type { ExecutableNode, Manifest, SourceTable } from '../../src/types/index.js';

/** A manifest of resources by id, each with what it reads: enough for the graph and for selection. */
export function tinyManifest(
  parents: Readonly<Record<string, readonly string[]>>,
  details: Readonly<Record<string, object>> = {},
): Manifest {
  const nodes: Record<string, ExecutableNode> = {};
  const sources: Record<string, SourceTable> = {};
  for (const [id, reads] of Object.entries(parents)) {
    const [type = '', packageName = '', ...rest] = id.split('.');
    const name = rest.at(-1) ?? '';
    const resource = {
      unique_id: id,
      resource_type: type,
      name,
      package_name: packageName,
      original_file_path: `models/${rest.join('/')}.sql`,
      fqn: [packageName, ...rest],
      tags: [],
      config: { enabled: true, materialized: 'view', tags: [] },
      refs: [],
      sources: [],
      depends_on: { nodes: reads, macros: [] },
      ...(type === 'source' ? { source_name: rest[0] } : {}),
      ...details[id],
    };
    if (type === 'source') sources[id] = resource as unknown as SourceTable;
    else nodes[id] = resource as unknown as ExecutableNode;
  }
  return { nodes, sources, exposures: {}, unitTests: {}, macros: {}, docs: {}, disabled: [], files: {} };
}
