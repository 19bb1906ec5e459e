import type { Manifest, Resource, ResourceId } from '../types/index.js';

/** Every enabled resource of a manifest that stands in the graph, by id. */
export function resourcesOf(manifest: Manifest): Map<ResourceId, Resource> {
  const resources = new Map<ResourceId, Resource>();
  for (const part of [manifest.sources, manifest.nodes, manifest.exposures, manifest.unitTests])
    for (const resource of Object.values(part)) resources.set(resource.unique_id, resource);
  return resources;
}

/** What a resource reads from, as its `depends_on` says; nothing for a source. */
export function parentsOf(resource: Resource): readonly ResourceId[] {
  return resource.resource_type === 'source' ? [] : resource.depends_on.nodes;
}

/** A plain order of texts by code unit, the same on every machine. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
