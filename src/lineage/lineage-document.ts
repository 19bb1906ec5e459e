import { join } from 'node:path';
import { artifactMetadata, writeAtomically } from '../artifact/index.js';
import type { Invocation, JsonObject, Manifest, Project, ResourceId } from '../types/index.js';
import type { Lineage } from './open-lineage.js';
import type { Origin } from './origins.js';
import type { RelationLineage } from './relation-lineage.js';

/** What `lineage.json` is made of. */
export interface LineageInput {
  readonly project: Project;
  readonly manifest: Manifest;
  readonly lineage: Lineage;
  readonly invocation: Invocation;
  /** The resources in it, where their lineage is known. */
  readonly ids: readonly ResourceId[];
}

/** How a value comes from a column: the very value, one computed of it, or one that passed declassifiers. */
export function transformationOf(origin: Origin): 'identity' | 'transformed' | 'declassified' {
  if (origin.declassifiers.length > 0) return 'declassified';
  return origin.isDirect ? 'identity' : 'transformed';
}

function columnsOf(relation: RelationLineage): JsonObject {
  return Object.fromEntries(
    relation.columns.map((column) => [
      column.name,
      {
        pii: [...column.kinds],
        upstream: column.origins.map((origin) => ({
          unique_id: origin.relation,
          column: origin.column,
          transformation: transformationOf(origin),
          ...(origin.declassifiers.length === 0 ? {} : { declassifiers: [...origin.declassifiers] }),
        })),
      },
    ]),
  );
}

/** The lineage of resources as `lineage.json` holds it (docs/privacy.md describes it). */
export function lineageDocument({ project, manifest, lineage, invocation, ids }: LineageInput): JsonObject {
  const entries = ids.flatMap((id) => {
    const relation = lineage.relationOf(id);
    const resource = manifest.nodes[id] ?? manifest.sources[id];
    if (relation === undefined || resource === undefined) return [];
    const entry: JsonObject = {
      resource_type: resource.resource_type,
      name: resource.name,
      relation_name: resource.relation_name,
      original_file_path: resource.original_file_path,
      how: relation.problem === undefined ? relation.how : 'untraceable',
      ...(relation.problem === undefined ? {} : { problem: relation.problem.message }),
      columns: columnsOf(relation),
    };
    return [[id, entry] as const];
  });
  const { dbt_schema_version: _schema, ...metadata } = artifactMetadata('lineage', project, invocation);
  return { metadata: { ...metadata, lineage_version: 1 }, nodes: Object.fromEntries(entries) };
}

/** Writes `lineage.json` and returns its path. */
export function writeLineage(input: LineageInput): string {
  const path = join(input.project.targetPath, 'lineage.json');
  writeAtomically(path, `${JSON.stringify(lineageDocument(input), null, 1)}\n`);
  return path;
}
