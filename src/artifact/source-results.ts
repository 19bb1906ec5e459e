import { join } from 'node:path';
import type { Invocation, JsonObject, Project, ResourceId, SourceTable } from '../types/index.js';
import { artifactMetadata } from './metadata.js';
import { writeAtomically } from './write-atomically.js';

/** How fresh one source table was found. */
export interface FreshnessResult {
  readonly id: ResourceId;
  readonly status: 'pass' | 'warn' | 'error' | 'runtime error';
  readonly maxLoadedAt: Date | null;
  readonly snapshottedAt: Date | null;
  readonly ageSeconds: number | null;
  readonly message: string | null;
  readonly startedAt: Date;
  readonly endedAt: Date;
}

/** Writes `sources.json` (dbt's schema v3) and returns its path. */
export function writeSources(input: {
  readonly project: Project;
  readonly invocation: Invocation;
  readonly tables: Readonly<Record<ResourceId, SourceTable>>;
  readonly results: readonly FreshnessResult[];
  readonly elapsedSeconds: number;
}): string {
  const results = input.results.map((result): JsonObject => {
    if (result.status === 'runtime error')
      return { unique_id: result.id, error: result.message, status: 'runtime error' };
    const freshness = input.tables[result.id]?.freshness;
    return {
      unique_id: result.id,
      max_loaded_at: result.maxLoadedAt?.toISOString() ?? null,
      snapshotted_at: result.snapshottedAt?.toISOString() ?? null,
      max_loaded_at_time_ago_in_s: result.ageSeconds,
      status: result.status,
      criteria: {
        warn_after: freshness?.warn_after ?? null,
        error_after: freshness?.error_after ?? null,
        filter: freshness?.filter ?? null,
      },
      adapter_response: {},
      timing: [
        { name: 'execute', started_at: result.startedAt.toISOString(), completed_at: result.endedAt.toISOString() },
      ],
      thread_id: 'Thread-1',
      execution_time: (result.endedAt.getTime() - result.startedAt.getTime()) / 1000,
    };
  });
  const path = join(input.project.targetPath, 'sources.json');
  writeAtomically(
    path,
    JSON.stringify({
      metadata: artifactMetadata('sources/v3', input.project, input.invocation),
      results,
      elapsed_time: input.elapsedSeconds,
    }),
  );
  return path;
}
