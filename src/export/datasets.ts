import { ChemflowError, throwAll } from '../error/index.js';
import type { ExecutableNode, Manifest, ResourceId } from '../types/index.js';
import { exporterOf } from './exporters.js';
import { personalDataError } from './personal-data.js';
import type { Dataset, ExportRequest } from './types.js';

/** Is a resource something that can be exported: a model, a seed or a snapshot with a relation of its own? */
export function isExportable(node: ExecutableNode | undefined): boolean {
  return (
    node !== undefined &&
    ['model', 'seed', 'snapshot'].includes(node.resource_type) &&
    node.relation_name !== null &&
    node.config.materialized !== 'ephemeral'
  );
}

/** May a resource leave the database, as far as its properties and its place say? */
export function mayLeave(id: ResourceId, manifest: Manifest): boolean {
  const node = manifest.nodes[id];
  return node !== undefined && personalDataError(node, manifest) === undefined;
}

/** The datasets that are asked for, each once a folder and format. Throws every EXPORT.PERSONAL_DATA and EXPORT.NAME at once. */
export function resolveDatasets(manifest: Manifest, requests: readonly ExportRequest[]): readonly Dataset[] {
  const datasets = new Map<string, Dataset>();
  const errors: ChemflowError[] = [];
  for (const request of requests) {
    const node = manifest.nodes[request.id];
    if (node === undefined || !isExportable(node)) continue;
    exporterOf(request.format);
    const name = `${node.schema}.${node.alias}`;
    const place = `${request.folder}\n${name.toLowerCase()}.${request.format}`;
    const twin = datasets.get(place);
    const error =
      personalDataError(node, manifest) ??
      (/[/\\\p{Cc}]|^\./u.test(name) || (twin !== undefined && twin.id !== request.id) ? nameError(name) : undefined);
    if (error !== undefined) errors.push(error);
    else
      datasets.set(place, {
        ...request,
        node,
        name,
        relation: node.relation_name ?? '',
        meta: node.config.meta,
      });
  }
  throwAll(errors);
  return [...datasets.values()];
}

function nameError(name: string): ChemflowError {
  return new ChemflowError({
    code: 'EXPORT.NAME',
    message: `${JSON.stringify(name)} cannot be the name of a file beside the others.`,
    hint: 'give the model another alias, or export it to a folder of its own with --out',
  });
}
