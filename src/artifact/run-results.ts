import { join } from 'node:path';
import type { Invocation, JsonObject, Project, RunResult } from '../types/index.js';
import { artifactMetadata } from './metadata.js';
import { withoutSecrets } from './without-secrets.js';
import { writeAtomically } from './write-atomically.js';

/** What `run_results.json` is made of. */
export interface RunResultsInput {
  readonly project: Project;
  readonly invocation: Invocation;
  readonly results: readonly RunResult[];
  readonly elapsedSeconds: number;
}

function resultEntry(result: RunResult): JsonObject {
  const timing = (name: string, from: Date, to: Date): JsonObject => ({
    name,
    started_at: from.toISOString(),
    completed_at: to.toISOString(),
  });
  const compiledAt = result.compiledAt;
  return {
    status: result.status,
    timing:
      result.status === 'skipped'
        ? []
        : [
            ...(compiledAt === null ? [] : [timing('compile', result.startedAt, compiledAt)]),
            timing('execute', compiledAt ?? result.startedAt, result.endedAt),
          ],
    thread_id: result.threadId,
    execution_time: (result.endedAt.getTime() - result.startedAt.getTime()) / 1000,
    adapter_response: result.adapterResponse,
    message: result.message,
    failures: result.failures,
    unique_id: result.id,
    compiled: result.compiledCode !== null,
    compiled_code: result.compiledCode,
    relation_name: result.relationName,
    batch_results: null,
  };
}

/** Writes `run_results.json` (dbt's schema v6) and returns its path. */
export function writeRunResults(input: RunResultsInput): string {
  const { project, invocation } = input;
  const { flags } = invocation;
  const document = {
    metadata: artifactMetadata('run-results/v6', project, invocation),
    results: input.results.map(resultEntry),
    elapsed_time: input.elapsedSeconds,
    args: {
      ...(withoutSecrets(flags.args) as JsonObject),
      which: flags.which,
      full_refresh: flags.fullRefresh,
      fail_fast: flags.failFast,
      vars: withoutSecrets(project.cliVars),
    },
  };
  const path = join(project.targetPath, 'run_results.json');
  writeAtomically(path, JSON.stringify(document));
  return path;
}
