import { writeCompiled, writeRun } from '../artifact/index.js';
import { createNodeRenderer } from '../compile/index.js';
import { executeNodes } from '../run/index.js';
import type { ExtractResult, ResourceId, RunResult } from '../types/index.js';
import type { CommandContext } from './command.js';
import type { PersonalDataWatch } from './personal-data-watch.js';
import type { Prepared } from './prepare.js';
import type { Warehouse } from './warehouse.js';

/** Builds and tests nodes in dependency order; what stands on a table that was not copied is skipped. */
export async function buildNodes(
  prepared: Prepared,
  ids: readonly ResourceId[],
  copies: readonly ExtractResult[],
  failFast: boolean,
  warehouse: Warehouse,
  context: CommandContext,
  watch?: PersonalDataWatch,
): Promise<readonly RunResult[]> {
  if (ids.length === 0) return [];
  const { project, manifest, graph, invocation } = prepared;
  const unavailable = new Map(
    copies
      .filter((copy) => copy.status !== 'success')
      .map((copy) => [copy.id, copy.message ?? 'it was not copied'] as const),
  );
  const { sink } = context.terminal;
  const renderer = createNodeRenderer({
    project,
    manifest,
    invocation,
    adapter: warehouse.adapter,
    cache: warehouse.cache,
    workers: project.target.threads,
    started: prepared.worker,
    sink,
    selected: ids,
  });
  try {
    return await executeNodes({
      project,
      manifest,
      graph,
      ids,
      adapter: warehouse.adapter,
      cache: warehouse.cache,
      renderer,
      state: warehouse.state,
      invocation,
      threads: project.target.threads,
      failFast,
      sink,
      signal: warehouse.signal,
      unavailable,
      beforeBuild: watch?.beforeBuild,
      beforeStatements: watch?.beforeStatements,
      whyNotStored: watch?.whyNotStored,
      onCompiled: (node, sql) => writeCompiled(project, node, sql),
      onExecuted: (node, sql) => writeRun(project, node, sql),
    });
  } finally {
    await renderer.close();
  }
}
